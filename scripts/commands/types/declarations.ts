// Specifications of connectors as TypeScript's types.
import { compile } from "json-schema-to-typescript";
import { format } from "prettier";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { Json, JsonObject } from "../../../providers/airbyte/api/types.ts";
import { isObject, STORED } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { discriminator, referred } from "../../../specification/references.ts";
import { Place } from "../../../specification/place.ts";

/** JSON Schemas of configurations, by the connectors' names. */
export type Specifications = Record<ActorKind, Record<string, JsonObject>>;

/**
 * A module that gives the resource classes the types of these connectors' configurations.
 *
 * @param origin where the specifications come from, for the file's first line
 */
export async function declarations(specifications: Specifications, origin: string): Promise<string> {
  const sources = await configurations("SourceConfigurations", specifications.source);
  const destinations = await configurations("DestinationConfigurations", specifications.destination);
  const text = `/* eslint-disable */
// Types of connectors' configurations, as ${origin.replaceAll(/\s+/g, " ")} has them: written by npm run types, and not by hand.
export {}; // so that this is a module, and adds to the other one

declare module "airbyte-on-pulumi" {
${sources}
${destinations}
}
`;
  return format(text, { parser: "typescript", printWidth: 120 });
}

function configurations(name: string, schemas: Record<string, JsonObject>): Promise<string> {
  const properties = Object.entries(schemas)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([connector, schema]) => [connector, typable(schema)] as const);
  const all = {
    type: "object" as const,
    properties: Object.fromEntries(properties),
    required: properties.map(([connector]) => connector),
    additionalProperties: false,
  };
  return compile(all, name, {
    bannerComment: "",
    format: false,
    ignoreMinAndMaxItems: true, // else lists of up to so many would become unions of tuples
    $refOptions: { resolve: { external: false } }, // no specification makes this machine read a file or an address
  });
}

type Inner = (schema: Json) => JsonObject;

const CHOICES = ["oneOf", "anyOf", "allOf"];

/**
 * A connector's specification as types can be made of it: what Airbyte's specifications use of JSON Schema, without the
 * titles (which would become names of types, the same one in many connectors) and with every reference written out. Keys
 * that it doesn't know are refused although most specifications allow them, because Airbyte ignores those.
 */
export function typable(schema: Json | undefined, root: Json | undefined = schema, within: string[] = []): JsonObject {
  if (!isObject(schema)) return anything();
  const { $ref, ...own } = schema;
  const isSecret = Place.under(root, own).isSecret;
  const { description, ...type } =
    typeof $ref === "string" ? typeAt($ref, root, within) : typeOfItself(own, root, within);
  const words = wordsOf(own, isSecret) ?? description;
  // Of a secret that is no text its type alone would not let it be kept.
  const isKeepable = isSecret && type.type !== "string" && type.tsType === undefined;
  const typed = isKeepable ? { anyOf: [type, { enum: [STORED] }] } : type;
  return { ...(words === undefined ? {} : { description: words }), ...typed };
}

function typeAt(reference: string, root: Json | undefined, within: string[]): JsonObject {
  // One that contains itself can't be written out.
  if (within.includes(reference)) return anything();
  return typable(referred(root, reference)[0] as Json | undefined, root, [...within, reference]);
}

function typeOfItself(schema: JsonObject, root: Json | undefined, within: string[]): JsonObject {
  const inner: Inner = (each) => typable(each, root, within);
  const found = {
    ...typeOf(schema),
    ...choicesOf(schema, inner),
    ...objectOf(schema, inner),
    ...listOf(schema, inner),
  };
  return Object.keys(found).length > 0 ? found : anything();
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
    const all = Array.isArray(schema[key]) ? schema[key].map(inner) : [];
    const branches = key === "allOf" ? all.filter(({ tsType }) => tsType === undefined) : all;
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
  const open = [schema.additionalProperties, schema.unevaluatedProperties, ...valuesOf(schema.patternProperties)];
  const others = oneOf(open.filter(isObject).map(inner));
  const properties = { ...sometimes(schema, inner), ...each(schema.properties, inner) };
  if (!isObject(schema.properties) && Object.keys(properties).length === 0) {
    const isFree = schema.type === "object" && !CHOICES.some((key) => key in schema);
    return isFree || others ? { additionalProperties: others ?? true } : {};
  }
  const required = Array.isArray(schema.required) ? schema.required : [];
  return { properties, required, additionalProperties: others ?? false };
}

/** Keys that an object may have only where another one is there, or has some value. */
function sometimes(schema: JsonObject, inner: Inner): JsonObject {
  const { then, else: otherwise, dependentSchemas, dependencies } = schema;
  const parts = [then, otherwise, ...valuesOf(dependentSchemas), ...valuesOf(dependencies)].filter(isObject);
  const all = parts.map((part) => inner(part).properties).filter(isObject);
  const keys = [...new Set(all.flatMap((properties) => Object.keys(properties)))];
  const types = (key: string) => all.flatMap((properties) => (isObject(properties[key]) ? [properties[key]] : []));
  return Object.fromEntries(keys.map((key) => [key, oneOf(types(key)) ?? anything()]));
}

function each(properties: Json | undefined, inner: Inner): JsonObject {
  const entries = isObject(properties) ? Object.entries(properties) : [];
  return Object.fromEntries(entries.map(([key, property]) => [key, inner(property)]));
}

function oneOf(types: JsonObject[]): JsonObject | undefined {
  return types.length > 1 ? { anyOf: types } : types[0];
}

function valuesOf(value: Json | undefined): Json[] {
  return isObject(value) ? Object.values(value) : [];
}

function listOf({ items, prefixItems, additionalItems, unevaluatedItems }: JsonObject, inner: Inner): JsonObject {
  const first = [items, prefixItems].flatMap((tuple) => (Array.isArray(tuple) ? tuple : []));
  if (first.length === 0) return items === undefined ? {} : { items: inner(items) };
  const rest = [items, additionalItems, unevaluatedItems].filter(isObject);
  return { items: { anyOf: [...first, ...rest].map(inner) } };
}

/** What an editor shows of a setting. */
function wordsOf({ description, default: otherwise }: JsonObject, isSecret: boolean): string | undefined {
  const lines = [
    ...(typeof description === "string" ? [description] : []),
    ...(isSecret ? ["A secret."] : []),
    ...(otherwise === undefined ? [] : [`@default ${JSON.stringify(otherwise)}`]),
  ];
  return lines.length === 0 ? undefined : lines.join("\n\n");
}
