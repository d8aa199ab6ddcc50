import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseOthers, untraced } from "../../infra/engine.ts";

test("a fast stack takes resources of Airbyte, and references to other stacks", () => {
  refuseOthers({ type: "pulumi-nodejs:dynamic/airbyte:Source", name: "users" });
  refuseOthers({ type: "pulumi:pulumi:StackReference", name: "organization/project/platform" });
});

test("and ends at any other, by its name: a run that is cut off would lose it", () => {
  const declare = () => refuseOthers({ type: "aws:s3/bucket:Bucket", name: "files" });
  expect(declare).toThrow('found aws:s3/bucket:Bucket "files".\n  npm run pulumi -- config set fast false');
  expect(declare).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
});

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
  expect(inside.stack).toMatch(/^Error: inside\n\s+at .*engine\.test\.ts/);
  expect(new Error("later").stack?.split("\n")).toHaveLength(3);
});
