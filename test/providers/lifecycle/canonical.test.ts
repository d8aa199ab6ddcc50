import { expect, test } from "vitest";
import { changedKeys, MASK, pathsWhere, same, seenThrough } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { canonicalStreams, streamsSeenThrough } from "../../../providers/airbyte/kinds/connection/streams.ts";

test("the order of keys does not matter, and undefined is absent", () => {
  expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2, d: undefined }], a: 1 })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(changedKeys({ a: 1, b: 2, c: 3 }, { a: 1, b: 5 }, [])).toEqual(["b", "c"]);
});

test("-0 is 0, as in JSON", () => {
  expect(same({ a: [-0, { b: -0 }] }, { a: [0, { b: 0 }] })).toBe(true);
  expect(changedKeys({ neg: -0 }, { neg: 0 }, [])).toEqual([]);
});

test("a masked secret is seen as the declared one, whatever was declared", () => {
  expect(seenThrough({ password: "s", list: ["a", "b"] }, { password: MASK, list: [MASK, "x"] })).toEqual({
    password: "s",
    list: ["a", "x"],
  });
});

test("a key that nobody declared is not seen, a declared one that is gone is missing", () => {
  expect(seenThrough({ host: "h", port: 1 }, { host: "h", extra: true })).toEqual({ host: "h" });
});

test("a declared null and an absent key are the same", () => {
  expect(seenThrough({ start: null }, {})).toEqual({ start: null });
});

test("a changed element of a list is seen in its place, a longer list is longer", () => {
  expect(seenThrough(["a", "b"], ["a", "c", "d"])).toEqual(["a", "c", "d"]);
});

test("paths name keys and places", () => {
  expect(pathsWhere({ a: { b: ["x", MASK] }, c: MASK }, (leaf) => leaf === MASK)).toEqual(["a.b[1]", "c"]);
});

test("streams and selected fields in another order are the same streams", () => {
  const field = (name: string) => ({ fieldPath: [name] });
  expect(canonicalStreams([{ name: "b", selectedFields: [field("y"), field("x")] }, { name: "a" }])).toEqual(
    canonicalStreams([{ name: "a" }, { name: "b", selectedFields: [field("x"), field("y")] }]),
  );
});

test("what the server fills in for a stream is not seen, what it changed is", () => {
  const actual = [
    {
      name: "users",
      namespace: "public",
      syncMode: "incremental_append",
      cursorField: ["at"],
      primaryKey: [["id"]],
      selectedFields: [],
      mappers: [],
    },
  ];
  expect(streamsSeenThrough([{ name: "users" }], actual)).toEqual([{ name: "users" }]);
  expect(streamsSeenThrough([{ name: "users", syncMode: "full_refresh_append" }], actual)).toEqual([
    { name: "users", syncMode: "incremental_append" },
  ]);
});

test("a namespace is compared only where several streams share the name", () => {
  const one = [{ name: "t", namespace: "real" }];
  expect(streamsSeenThrough([{ name: "t", namespace: "wrong" }], one)).toEqual([{ name: "t", namespace: "wrong" }]);
  const two = [
    { name: "t", namespace: "a" },
    { name: "t", namespace: "b", syncMode: "x" },
  ];
  expect(streamsSeenThrough([{ name: "t", namespace: "b", syncMode: "y" }], two)).toEqual([
    { name: "t", namespace: "b", syncMode: "x" },
    { name: "t", namespace: "a" },
  ]);
});

test("a mapper's id is the server's", () => {
  const declared = [{ type: "hashing", mapperConfiguration: { targetField: "email" } }];
  const actual = [{ name: "users", mappers: [{ id: "uuid", ...declared[0] }] }];
  expect(streamsSeenThrough([{ name: "users", mappers: declared }], actual)).toEqual([
    { name: "users", mappers: declared },
  ]);
});

test("a stream that the server lost, and one that somebody added, are seen", () => {
  expect(streamsSeenThrough([{ name: "a" }, { name: "b" }], [{ name: "b" }, { name: "c", syncMode: "m" }])).toEqual([
    { name: "b" },
    { name: "c", syncMode: "m" },
  ]);
});
