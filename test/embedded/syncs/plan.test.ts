import { expect, test } from "vitest";
import type { ConfiguredStream } from "../../../embedded/connectors/connector.ts";
import type { Connection } from "../../../embedded/state.ts";
import { mapperOf } from "../../../embedded/syncs/mappers.ts";
import { schemaOf, tablesOf } from "../../../embedded/syncs/plan.ts";
import { users, usersStream } from "./fakes.ts";

const naming = { namespaceDefinition: "destination", namespaceFormat: null, prefix: "" } as const;

test.each<[string, Partial<Connection>, string | null, string | null]>([
  ["destination: the configuration's", {}, "eu", null],
  ["source: the source's", { namespaceDefinition: "source" }, "eu", "eu"],
  ["source, where it has none: the configuration's", { namespaceDefinition: "source" }, null, null],
  ["a format", { namespaceDefinition: "custom_format", namespaceFormat: "raw_${SOURCE_NAMESPACE}" }, "eu", "raw_eu"],
  ["a format without a source's", { namespaceDefinition: "custom_format", namespaceFormat: "raw" }, null, "raw"],
  [
    "a format that is empty",
    { namespaceDefinition: "custom_format", namespaceFormat: "${SOURCE_NAMESPACE}" },
    null,
    null,
  ],
])("namespace by %s", (_what, settings, namespace, schema) => {
  expect(schemaOf({ ...naming, ...settings }, namespace)).toBe(schema);
});

const configured: ConfiguredStream = {
  stream: users,
  syncMode: "incremental",
  destinationSyncMode: "append_dedup",
  cursorField: ["id"],
  primaryKey: [["id"]],
};

function table(stream: Partial<typeof usersStream>) {
  const connection = { ...naming, prefix: "raw_", streams: [{ ...usersStream, ...stream }] } as unknown as Connection;
  return tablesOf(connection, [configured])[0];
}

test("only selected fields have a column", () => {
  expect(table({})).toMatchObject({ prefix: "raw_", mode: "append_dedup", incremental: true });
  expect(table({ selectedFields: [{ fieldPath: ["id"] }] })?.jsonSchema.properties).toEqual({
    id: { type: "integer" },
  });
});

test("columns, key and cursor have the names that the mappers give", () => {
  const mappers = [
    { id: "1", type: "field-renaming", mapperConfiguration: { originalFieldName: "id", newFieldName: "key" } },
    { id: "2", type: "hashing", mapperConfiguration: { targetField: "email", method: "MD5" } },
  ];
  expect(table({ mappers })).toMatchObject({
    jsonSchema: { properties: { key: { type: "integer" }, email_hashed: { type: ["null", "string"] } } },
    primaryKey: [["key"]],
    cursorField: ["key"],
  });
});

test("two streams for one table are refused, and say what to do", () => {
  const other = { ...configured, stream: { ...users, namespace: "eu" } };
  const connection = { ...naming, streams: [] } as unknown as Connection;
  expect(() => tablesOf(connection, [configured, other])).toThrow(/users and eu.users .*SOURCE_NAMESPACE/);
});

test("modes that nothing here can write are refused", () => {
  const connection = { ...naming, streams: [] } as unknown as Connection;
  expect(() => tablesOf(connection, [{ ...configured, destinationSyncMode: "update" }])).toThrow(
    "update, which is not",
  );
});

const mapper = (type: string, mapperConfiguration: Record<string, unknown>) =>
  mapperOf([{ id: "1", type, mapperConfiguration: mapperConfiguration as never }]);

test("hashing takes the value's place by its digest", () => {
  const { record } = mapper("hashing", { targetField: "email", method: "SHA-256", fieldNameSuffix: "_sha" });
  expect(record({ id: 1, email: "a" })).toEqual({
    id: 1,
    email_sha: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
  });
  expect(record({ id: 1, email: null })).toEqual({ id: 1, email_sha: null });
});

test("renaming and filtering of fields", () => {
  expect(mapper("field-renaming", { originalFieldName: "a", newFieldName: "b" }).record({ a: 1 })).toEqual({ b: 1 });
  expect(mapper("field-filtering", { targetField: "a" }).record({ a: 1, b: 2 })).toEqual({ b: 2 });
});

test("row filtering keeps what is equal, or what is not", () => {
  const equal = { type: "EQUAL", fieldName: "country", comparisonValue: "DE" };
  const only = mapper("row-filtering", { conditions: equal });
  expect([only.record({ country: "DE" }), only.record({ country: "FR" })]).toEqual([{ country: "DE" }, null]);
  const others = mapper("row-filtering", { conditions: { type: "NOT", conditions: [equal] } });
  expect([others.record({ country: "DE" }), others.record({ country: "FR" })]).toEqual([null, { country: "FR" }]);
});

test.each([
  ["encryption", { targetField: "email", algorithm: "AES" }],
  ["hashing", { targetField: "email", method: "MD2" }],
])("%s that can't be done leaves the field out, and says so", (type, configuration) => {
  const { record, remarks } = mapper(type, configuration);
  expect(record({ id: 1, email: "a@example.com" })).toEqual({ id: 1 });
  expect(remarks).toEqual([expect.stringContaining("the field email is left out")]);
});
