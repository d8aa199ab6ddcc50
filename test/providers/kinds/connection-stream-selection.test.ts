import { describe, expect, test } from "vitest";
import {
  asStreams,
  patternMistakes,
  selectStreams,
} from "../../../providers/airbyte/kinds/connection/stream-selection.ts";
import { streamMistakes } from "../../../providers/airbyte/kinds/connection/stream-mistakes.ts";

const offered = [
  { name: "orders", namespace: "public" },
  { name: "orders_tmp", namespace: "public" },
  { name: "users", namespace: "public" },
  { name: "users", namespace: "audit" },
  { name: "v1.events" },
];
const choose = (entries: unknown[], defaults = {}) =>
  selectStreams(asStreams(entries) ?? [], defaults, offered).map(({ namespace, name }) =>
    namespace === undefined ? name : `${namespace}/${name}`,
  );

describe("patterns", () => {
  test.each([
    [["*"], ["public/orders", "public/orders_tmp", "public/users", "audit/users", "v1.events"]],
    [["public.*"], ["public/orders", "public/orders_tmp", "public/users"]],
    [
      ["public.*", "!*_tmp"],
      ["public/orders", "public/users"],
    ],
    [
      ["!*_tmp", "public.*"],
      ["public/orders", "public/users"],
    ],
    [["user?"], ["public/users", "audit/users"]],
    [["v1.*"], ["v1.events"]],
    [["ORDERS*"], []],
    [["order"], ["order"]], // a name, whether the source has it or not: that is told apart
  ])("%j", (entries, expected) => {
    expect(choose(entries)).toEqual(expected);
  });

  test("what ! leaves out can still be named", () => {
    expect(choose(["public.*", "!*_tmp", "orders_tmp"])).toEqual(["orders_tmp", "public/orders", "public/users"]);
  });

  test("settings: defaults, then patterns in their order, then the entry with the name", () => {
    const entries = asStreams([
      { name: "public.*", syncMode: "incremental_append", cursorField: ["at"] },
      { name: "*users", cursorField: ["seen"] },
      { name: "orders", syncMode: "full_refresh_append" },
    ]);
    const streams = selectStreams(entries ?? [], { primaryKey: [["id"]], syncMode: "full_refresh_overwrite" }, offered);
    expect(streams).toContainEqual({
      name: "orders",
      primaryKey: [["id"]],
      syncMode: "full_refresh_append",
    });
    const users = { namespace: "public", name: "users", primaryKey: [["id"]], syncMode: "incremental_append" };
    expect(streams).toContainEqual({ ...users, cursorField: ["seen"] });
  });

  test("one that matches nothing is told, with the nearest name", () => {
    expect(patternMistakes(asStreams(["publik.*", "users"]) ?? [], offered)).toEqual([
      expect.stringMatching(/^streams: the pattern "publik\.\*" matches no stream of the source/),
    ]);
    expect(patternMistakes(asStreams(["ordrs*"]) ?? [], [{ name: "orders" }])).toEqual([
      'streams: the pattern "ordrs*" matches no stream of the source; did you mean "orders"?',
    ]);
  });
});

describe("what the source doesn't offer, or not so", () => {
  const users = {
    streamName: "users",
    syncModes: ["full_refresh_append", "incremental_append", "incremental_deduped_history"],
    defaultCursorField: ["updated_at"],
    sourceDefinedCursorField: true,
    sourceDefinedPrimaryKey: [["id"]],
    propertyFields: [["id"], ["updated_at"], ["address"], ["address", "city"]],
  };
  const events = { streamName: "events", syncModes: ["incremental_append", "incremental_deduped_history"] };
  const discovered = [users, events];

  test.each([
    [{ name: "user" }, /offers no stream "user"; did you mean "users"\?/],
    [
      { name: "users", syncMode: "incremental_update" },
      /stream "users": syncMode incremental_update is not possible .*incremental_append/,
    ],
    [
      { name: "users", syncMode: "incremental_append", cursorField: ["created"] },
      /cursorField: the source itself defines it \(updated_at\)/,
    ],
    [
      { name: "users", syncMode: "incremental_deduped_history", primaryKey: [["mail"]] },
      /primaryKey: the source itself defines it \(id\)/,
    ],
    [{ name: "users", selectedFields: [{ fieldPath: ["adress"] }] }, /no field "adress"; did you mean "address"\?/],
    [{ name: "events", syncMode: "incremental_append" }, /needs a cursorField/],
    [{ name: "events", syncMode: "incremental_deduped_history", cursorField: ["at"] }, /needs a primaryKey/],
  ])("%j", (stream, expected) => {
    expect(streamMistakes([stream], discovered).join("\n")).toMatch(expected);
  });

  test.each([
    { name: "users" },
    { name: "users", syncMode: "full_refresh_overwrite" },
    { name: "users", syncMode: "full_refresh_overwrite_deduped" },
    // Of what a mode has no use for, Airbyte takes anything.
    { name: "users", cursorField: ["created"], primaryKey: [["mail"]] },
    { name: "users", syncMode: "full_refresh_append", cursorField: ["created"], primaryKey: [["mail"]] },
    { name: "users", syncMode: "incremental_deduped_history", cursorField: ["updated_at"], primaryKey: [["id"]] },
    { name: "events", syncMode: "incremental_append", cursorField: ["at"] },
  ])("%j is right", (stream) => {
    expect(streamMistakes([stream], discovered)).toEqual([]);
  });

  test("of several streams of one name, the namespace decides", () => {
    const two = [
      { streamName: "users", streamnamespace: "public" },
      { streamName: "users", streamnamespace: "audit" },
    ];
    expect(streamMistakes([{ name: "users", namespace: "audit" }], two)).toEqual([]);
    expect(streamMistakes([{ name: "users" }], two)).toEqual([
      'stream "users": the source has several of this name; say which by namespace: public, audit',
    ]);
  });

  test("a connector that is only played can't tell", () => {
    expect(streamMistakes([{ name: "orders" }], [{ streamName: "records", simulated: true }])).toEqual([]);
  });
});
