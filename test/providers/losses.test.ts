import { expect, test } from "vitest";
import { losses } from "../../providers/airbyte/losses.ts";

const urn = (name: string) => `urn:pulumi:dev::p::pulumi-nodejs:dynamic/airbyte:Connection::${name}`;
const connection = (name: string, sourceId = "s", destinationId = "d") => ({
  urn: urn(name),
  name,
  sourceId,
  destinationId,
});
const declared = (name: string, over: { before?: string[]; sourceId?: string } = {}) => ({
  ...connection(name),
  before: [],
  ...over,
});

test("what stays, is new, or was renamed by renamedFrom or an alias, loses nothing", () => {
  const before = [connection("a"), connection("b")];
  const now = [declared("a"), declared("bb", { before: ["b"] }), declared("new", { sourceId: "other" })];
  expect(losses(before, now)).toEqual([]);
});

test("a deleted connection is told with what is lost and how to keep it", () => {
  expect(losses([connection("a")], [])).toEqual([
    expect.stringMatching(/^connection "a" is deleted, and its sync state is lost: .* renamedFrom: a\. protect: true/),
  ]);
});

test("one that is deleted where another is made between the same ends was renamed: one sentence for both", () => {
  const told = losses([connection("a"), connection("b", "s2")], [declared("c"), declared("d")]);
  expect(told).toEqual([
    expect.stringMatching(/^connection "a" is deleted and "c" made between the same ends, .*renamedFrom: a \(/),
    expect.stringMatching(/^connection "b" is deleted, /),
  ]);
});

test("ends that only an up will know are nobody's", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  expect(losses([connection("a")], [declared("c", { sourceId: unknown })])).toEqual([
    expect.stringMatching(/^connection "a" is deleted, /),
  ]);
});

test("of hundreds the first are named, and the others counted", () => {
  const before = Array.from({ length: 200 }, (_, index) => connection(`c${index}`));
  expect(losses(before, [])).toHaveLength(11);
  expect(losses(before, []).at(-1)).toBe("190 more connections are deleted, and their sync state is lost.");
});
