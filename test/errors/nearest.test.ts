import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../errors/nearest.ts";

test.each([
  ["confguration", "configuration"],
  ["crno", "cron"],
  ["definitionID", "definitionId"],
])("%s is taken for a slip of %s", (written, meant) => {
  expect(nearest(written, ["definitionId", "configuration", "cron"])).toBe(meant);
});

test("what is near nothing gets no guess but the choice, cut where it is long", () => {
  expect(nearest("x", ["y"])).toBeUndefined();
  expect(didYouMean("colour", ["a", "b"])).toBe(" (known: a, b)");
  expect(didYouMean("colour", "abcdefghijklmn")).toBe(" (known: a, b, c, d, e, f, g, h, i, j, k, l, …)");
  expect(didYouMean("colour", [])).toBe("");
});
