import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../errors/nearest.ts";

test.each([
  ["confguration", "configuration"],
  ["crno", "cron"],
  ["definitionID", "definitionId"],
])("%s is taken for a slip of %s", (written, meant) => {
  expect(nearest(written, ["definitionId", "configuration", "cron"])).toBe(meant);
});

test.each([
  ["csv", ["s3", "sqs", "cvs-like"]],
  ["aws", ["gcs", "s3"]],
  ["ab", ["ba", "cd"]],
])("%s is no slip of what is merely as short", (written, names) => {
  expect(nearest(written, names)).toBeUndefined();
});

test.each([
  ["cvs", "csv"],
  ["CSV", "csv"],
  ["csvv", "csv"],
  ["cs", "csv"],
])("%s is one of csv", (written, meant) => {
  expect(nearest(written, ["jsonl", "s3", meant])).toBe(meant);
});

test("what is near nothing gets no guess but the choice, cut where it is long", () => {
  expect(nearest("x", ["y"])).toBeUndefined();
  expect(didYouMean("colour", ["a", "b"])).toBe(" (known: a, b)");
  const letters = "abcdefghijklmnopqrst";
  expect(didYouMean("colour", letters)).toBe(` (known: ${[...letters].join(", ")})`);
  expect(didYouMean("colour", `${letters}uvw`)).toBe(` (known: ${[...letters].join(", ")}, … and 3 more)`);
  expect(didYouMean("colour", [])).toBe("");
});
