import { afterEach, beforeEach, expect, test } from "vitest";
import { untraced } from "../../infra/untraced.ts";

const before = { limit: Error.stackTraceLimit, prepare: Object.getOwnPropertyDescriptor(Error, "prepareStackTrace") };

beforeEach(() => {
  Reflect.set(Error, "prepareStackTrace", undefined); // as main.mjs does
});

afterEach(() => {
  Error.stackTraceLimit = before.limit;
  if (before.prepare) Object.defineProperty(Error, "prepareStackTrace", before.prepare);
});

test("what registers a resource can't be traced while it does", () => {
  expect(untraced(() => new Error("here").stack)).toBe("");
});

test("an error that comes of it has its trace, and so has a later one, of two frames", () => {
  const thrown = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return error as Error;
    }
    throw new Error("Nothing was thrown");
  };
  const inside = thrown(() =>
    untraced(() => {
      throw new Error("inside");
    }),
  );
  expect(inside.stack).toMatch(/^Error: inside\n\s+at .*untraced\.test\.ts/);
  expect(new Error("later").stack?.split("\n")).toHaveLength(3);
});
