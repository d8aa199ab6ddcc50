import type { Json, JsonObject } from "../../providers/airbyte/api/types.ts";
import { isObject } from "../../providers/airbyte/lifecycle/canonical.ts";
import { STORED } from "../../providers/airbyte/lifecycle/handler.ts";
import { discriminator } from "../../providers/airbyte/specification/schema.ts";

type Inner = (schema: Json) => JsonObject;

const CHOICES = ["oneOf", "anyOf", "allOf"];

/**
 * A connector's specification as types can be made of it: what Airbyte's specifications use of JSON Schema, without the
 * titles (which would become names of types, the same one in many connectors) and with every reference written out. Keys
 * that it doesn't know are refused although most specifications allow them, because Airbyte ignores those.
 */
export function typable(schema: Json | undefined, root: Json | undefined = schema, within: string[] = []): JsonObject {
  if (!isObject(schema)) return anything();
  if (typeof schema.$ref === "string") {
    // One that contains itself can't be written out.
    if (within.includes(schema.$ref)) return anything();
    return typable(referred(root, schema.$ref), root, [...within, schema.$ref]);
  }
  const inner: Inner = (each) => typable(each, root, within);
  const found = {
    ...typeOf(schema),
    ...choicesOf(schema, inner),
    ...objectOf(schema, inner),
    ...listOf(schema, inner),
  };
  const type = Object.keys(found).length > 0 ? found : anything();
  // Of a secret that is no text its type alone would not let it be kept.
  const isKeepable = schema.airbyte_secret === true && schema.type !== "string" && type === found;
  return { ...wordsOf(schema), ...(isKeepable ? { anyOf: [type, { enum: [STORED] }] } : type) };
}

function anything(): JsonObject {
  return { tsType: "unknown" };
}

function typeOf(schema: JsonObject): JsonObject {
  if (schema.const !== undefined) return { enum: [schema.const] };
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return { enum: schema.enum };
  return schema.type === undefined ? {} : { type: schema.type };
}

function choicesOf(schema: JsonObject, inner: Inner): JsonObject {
  const choices = CHOICES.flatMap((key) => {
    const branches = Array.isArray(schema[key]) ? schema[key].map(inner) : [];
    if (branches.length === 0) return [];
    return [[key, key === "allOf" ? branches : withDiscriminator(branches)] as const];
  });
  return Object.fromEntries(choices);
}

/** A branch is told from the others by a constant, which Airbyte needs also where the specification doesn't demand it. */
function withDiscriminator(branches: JsonObject[]): JsonObject[] {
  const key = discriminator(branches)?.key;
  if (key === undefined) return branches;
  return branches.map((branch) => ({ ...branch, required: [...((branch.required as Json[] | undefined) ?? []), key] }));
}

function objectOf(schema: JsonObject, inner: Inner): JsonObject {
  const others = isObject(schema.additionalProperties) ? inner(schema.additionalProperties) : undefined;
  if (!isObject(schema.properties)) {
    const isFree = schema.type === "object" && !CHOICES.some((key) => key in schema);
    return isFree ? { additionalProperties: others ?? true } : {};
  }
  const properties = Object.entries(schema.properties).map(([key, property]) => [key, inner(property)] as const);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return { properties: Object.fromEntries(properties), required, additionalProperties: others ?? false };
}

function listOf({ items }: JsonObject, inner: Inner): JsonObject {
  if (items === undefined) return {};
  return { items: Array.isArray(items) ? { anyOf: items.map(inner) } : inner(items) };
}

/** What an editor shows of a setting. */
function wordsOf({ description, default: otherwise, airbyte_secret: secret }: JsonObject): JsonObject {
  const lines = [
    ...(typeof description === "string" ? [description] : []),
    ...(secret === true ? ["A secret."] : []),
    ...(otherwise === undefined ? [] : [`@default ${JSON.stringify(otherwise)}`]),
  ];
  return lines.length === 0 ? {} : { description: lines.join("\n\n") };
}

/** The part of a document that `#/definitions/x` names; nothing outside of it is ever looked for. */
function referred(root: Json | undefined, reference: string): Json | undefined {
  if (!reference.startsWith("#")) return undefined;
  const steps = reference.split("/").slice(1);
  return steps.reduce<Json | undefined>((inside, step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return isObject(inside) && Object.hasOwn(inside, key) ? inside[key] : undefined;
  }, root);
}
