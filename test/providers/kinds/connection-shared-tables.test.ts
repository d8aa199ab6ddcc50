import { describe, expect, test } from "vitest";
import { sharedTables, type Writer } from "../../../providers/airbyte/kinds/connection/shared-tables.ts";
import { mistakesOf } from "../../declaration/project.ts";

const writer = (connection: string, inputs: object, source = connection): Writer => ({
  ...{ connection, source, destination: "lake" },
  inputs: { streams: [{ name: "users" }], ...inputs },
});
const append = { streams: [{ name: "users", syncMode: "full_refresh_append" }] };

describe("two connections into one table", () => {
  test("where one overwrites, rows are lost for certain: a mistake, at the second", () => {
    expect(sharedTables([writer("a", {}), writer("b", append)])).toEqual([
      {
        connection: "b",
        path: ["streams", 0],
        text:
          'the table of the stream "users" in the destination, "users", is that of "users" of the connection "a", too: ' +
          "full_refresh_overwrite leaves nothing of what the other wrote; give one of the connections a prefix, or a namespace of its own",
        isWarning: false,
      },
    ]);
    // The name of the table is the prefix and the stream's together.
    const streams = [{ name: "a_users" }];
    expect(sharedTables([writer("a", { prefix: "a_" }), writer("b", { streams })])).toHaveLength(1);
  });

  test("where both append, or one is paused, it may be meant: a warning", () => {
    expect(sharedTables([writer("a", append), writer("b", append)])).toEqual([
      expect.objectContaining({
        isWarning: true,
        text: expect.stringContaining("only if their rows belong together") as string,
      }),
    ]);
    const paused = sharedTables([writer("a", { status: "inactive" }), writer("b", {})]);
    expect(paused).toEqual([expect.objectContaining({ isWarning: true })]);
  });

  test("of another destination, prefix, namespace or name they have nothing to do with each other", () => {
    const a = writer("a", {});
    expect(sharedTables([a, { ...writer("b", {}), destination: "other" }])).toEqual([]);
    expect(sharedTables([a, writer("b", { prefix: "b_" })])).toEqual([]);
    expect(sharedTables([a, writer("b", { streams: [{ name: "orders" }] })])).toEqual([]);
    const custom = { namespaceDefinition: "custom_format", namespaceFormat: "b" };
    expect(sharedTables([a, writer("b", custom)])).toEqual([]);
    expect(sharedTables([writer("a", custom), writer("b", custom)])).toHaveLength(1);
  });

  test("by the sources' namespaces: sure where those are known, or the source is one", () => {
    const bySource = { namespaceDefinition: "source" };
    const known = { ...bySource, streams: [{ name: "users", namespace: "public" }] };
    expect(sharedTables([writer("a", known), writer("b", known)])).toEqual([
      expect.objectContaining({ isWarning: false }),
    ]);
    expect(sharedTables([writer("a", bySource), writer("b", bySource)])).toEqual([
      expect.objectContaining({ isWarning: true, text: expect.stringContaining("in the same namespace") as string }),
    ]);
    expect(sharedTables([writer("a", bySource, "s"), writer("b", bySource, "s")])).toEqual([
      expect.objectContaining({ isWarning: false }),
    ]);
    const other = { ...bySource, streams: [{ name: "users", namespace: "audit" }] };
    expect(sharedTables([writer("a", known), writer("b", other)])).toEqual([]);
    const format = { namespaceDefinition: "custom_format", namespaceFormat: "raw_${SOURCE_NAMESPACE}" };
    expect(sharedTables([writer("a", { ...known, ...format }), writer("b", { ...other, ...format })])).toEqual([]);
    expect(sharedTables([writer("a", { ...known, ...format }), writer("b", { ...known, ...format })])).toHaveLength(1);
  });

  test("many tables, or many connections, are told once", () => {
    const streams = ["users", "orders", "products"].map((name) => ({ name }));
    const of = (name: string) => writer(name, { streamSelection: [{ name: "*" }], streams, offeredStreams: streams });
    const found = sharedTables([of("a"), of("b"), of("c")]);
    expect(found).toHaveLength(1);
    expect(found[0]?.text).toMatch(/and that of 1 more: .* \(and so with 2 more tables\)$/);
  });
});

test("two namespaces of one connection into the destination's own", () => {
  const streams = [
    { name: "users", namespace: "public" },
    { name: "users", namespace: "audit" },
  ];
  expect(sharedTables([writer("a", { streams })])).toEqual([
    {
      connection: "a",
      path: ["streams", 1],
      text:
        'the table of the stream "audit.users" in the destination, "users", is that of "public.users", too: full_refresh_overwrite leaves ' +
        "nothing of what the other wrote; give namespaceDefinition: source, or a namespaceFormat with ${SOURCE_NAMESPACE}",
      isWarning: false,
    },
  ]);
  expect(sharedTables([writer("a", { streams, namespaceDefinition: "source" })])).toEqual([]);
});

describe("in files", () => {
  const file = (
    second: string,
    destination = "connector: duckdb, configuration: { destination_path: /local/lake.duckdb }",
  ) => `
sources: { one: { connector: faker }, two: { connector: faker } }
destinations: { lake: { ${destination} } }
connections:
  first: { source: one, destination: lake, streams: [users, "p*"] }
  second:
    source: two
    destination: lake
    ${second}
`;

  test("the sure ones are mistakes with their line, where the streams are named", () => {
    expect(mistakesOf(file("streams: [products, users]"))).toEqual([
      expect.stringMatching(
        /^pipelines\.yaml:9:\d+ connections\.second\.streams\[1\]: the table of the stream "users" .*"first"/,
      ),
    ]);
  });

  test.each([
    ["streams: [{ name: users, syncMode: full_refresh_append }]\n    status: inactive"],
    ["streams: [users]\n    prefix: two_"],
    ['streams: ["use*"]'],
  ])("%s is right, or can't be told yet", (second) => {
    expect(mistakesOf(file(second))).toEqual([]);
  });

  test("a destination that keeps nothing has no tables", () => {
    const dropped = "connector: dev-null, configuration: { test_destination: { test_destination_type: SILENT } }";
    expect(mistakesOf(file("streams: [users]", dropped))).toEqual([]);
  });
});
