import { z } from "zod";
import { sections } from "../providers/airbyte/kinds/names.ts";
import { writtenFile } from "./schema.ts";

type Json = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema of pipelines.yaml and pipelines/*.yaml, for editors. It is made from the schemas that the program checks with, and
 * is more lenient in two ways: any value may come from `${…}`, and any key of a declaration from `defaults`.
 */
export function pipelinesJsonSchema(): Json {
  // draft-7 is what editors understand best
  const { $schema, ...schema } = z.toJSONSchema(writtenFile, { target: "draft-7", io: "input" });
  const file = deepMap(schema, [], (inner, path) => {
    delete inner.default; // editors would write it into the file
    delete inner.propertyNames; // keys of a map are always text
    return isValue(path) && isConstrained(inner) ? orReference(inner) : inner;
  });
  const reference = {
    description: "A value from the stack's configuration, or of the item of a forEach.",
    type: "string",
    pattern: "\\$\\{[^}]+\\}",
  };
  return { $schema, title: "Airbyte pipelines", ...file, definitions: { reference } } as Json;
}

type SchemaPath = readonly string[];

/** Whether the schema at `path` is for a key's value, or a list's item, inside a declaration. `path` goes as the data do. */
function isValue(path: SchemaPath): boolean {
  const [first, , third, ...rest] = path;
  if (first === "defaults") return third !== undefined;
  return sections.some((section) => section === first) && third !== undefined && ![third, ...rest].includes("forEach");
}

/** Free text may hold a reference anyway, and so may what has no type at all. */
function isConstrained(schema: Json): boolean {
  if (schema.type === "string") return ["enum", "const", "format", "pattern"].some((key) => key in schema);
  return schema.type !== undefined || (schema.anyOf !== undefined && !schema.anyOf.some(isReference));
}

function isReference(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "$ref" in schema;
}

function orReference({ description, ...own }: Json): Json {
  const choices = own.anyOf ?? [own];
  const text = description === undefined ? {} : { description };
  return { ...text, anyOf: [...choices, { $ref: "#/definitions/reference" }] };
}

/** Rewrites every schema inside, innermost first. The branches of an `anyOf` are parts of one schema and stay as they are. */
function deepMap(schema: Json, path: SchemaPath, rewrite: (schema: Json, path: SchemaPath) => Json): Json {
  const copy: Json = { ...schema };
  const inner = (value: Json, step: string) => rewrite(deepMap(value, [...path, step], rewrite), [...path, step]);
  if (copy.properties) {
    const entries = Object.entries(copy.properties) as [string, Json][];
    copy.properties = Object.fromEntries(entries.map(([key, value]) => [key, inner(value, key)]));
  }
  if (typeof copy.items === "object") copy.items = inner(copy.items as Json, "[]");
  if (typeof copy.additionalProperties === "object") {
    copy.additionalProperties = inner(copy.additionalProperties, "{}");
  }
  if (copy.anyOf) copy.anyOf = copy.anyOf.map((branch) => deepMap(branch, path, rewrite));
  delete copy.propertyNames;
  return copy;
}
