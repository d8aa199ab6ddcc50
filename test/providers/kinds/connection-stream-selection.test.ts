import { describe, expect, test } from "vitest";
import {
  asStreams,
  patternIssues,
  selectStreams,
} from "../../../providers/airbyte/kinds/connection/stream-selection.ts";

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
    expect(patternIssues(asStreams(["users", "publik.*"]) ?? [], offered)).toEqual([
      {
        path: ["streams", 1],
        text: expect.stringMatching(/^the pattern "publik\.\*" matches no stream of the source/) as string,
      },
    ]);
    expect(patternIssues(asStreams(["ordrs*"]) ?? [], [{ name: "orders" }])).toEqual([
      { path: ["streams", 0], text: 'the pattern "ordrs*" matches no stream of the source; did you mean "orders"?' },
    ]);
  });
});

describe("a namespace", () => {
  const tenants = [
    { name: "users", namespace: "tenant_a" },
    { name: "users", namespace: "tenant_b" },
    { name: "orders", namespace: "tenant_a" },
    { name: "users", namespace: "audit" },
  ];
  const select = (...entries: unknown[]) => selectStreams(asStreams(entries) ?? [], {}, tenants);

  test("may stand in front of a single name, as it does in patterns", () => {
    const entry = { name: "tenant_b.users", syncMode: "full_refresh_append" };
    expect(select(entry)).toEqual([{ name: "users", namespace: "tenant_b", syncMode: "full_refresh_append" }]);
    // What it names is no longer a pattern's.
    expect(select("tenant_a.users", "tenant_?.users")).toEqual([tenants[0], tenants[1]]);
    // A stream's own name comes first.
    const own = [{ name: "tenant_a.users" }, ...tenants];
    expect(selectStreams([{ name: "tenant_a.users" }], {}, own)).toEqual([{ name: "tenant_a.users" }]);
  });

  test("may be a pattern of its own, and one that is written counts", () => {
    expect(select({ name: "users", namespace: "tenant_*" })).toEqual([tenants[0], tenants[1]]);
    expect(select({ name: "*", namespace: "tenant_a" })).toEqual([tenants[0], tenants[2]]);
    expect(select("users*", { name: "!users", namespace: "tenant_*" })).toEqual([tenants[3]]);
    expect(selectStreams([{ name: "*", namespace: "*" }], {}, [{ name: "sheet" }])).toEqual([{ name: "sheet" }]);
  });
});
