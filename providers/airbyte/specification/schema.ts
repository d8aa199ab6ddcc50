import { isObject } from "../lifecycle/canonical.ts";
import type { Json, JsonObject } from "../api/words.ts";

// What Airbyte's connector specifications use of JSON Schema: objects with properties, oneOf whose branches are told
// apart by a constant, arrays, and Airbyte's own mark `airbyte_secret`.

/** A connector's specification: what its configuration must look like. */
export interface Specification {
  /** Short name for messages, e.g. `postgres`. */
  connector: string;
  /** JSON Schema of the configuration. */
  schema: JsonObject;
}

/**
 * The schema that applies to a value: each oneOf is replaced by the branch whose constant the value names, so that
 * mistakes are told about that branch and not about all of them.
 */
export function applicable(schema: JsonObject, value: Json | undefined): JsonObject {
  const { oneOf, ...rest } = schema;
  const branch = Array.isArray(oneOf) ? chooseBranch(oneOf.filter(isObject), value) : undefined;
  const merged: JsonObject = branch ? merge(rest, branch) : schema;
  const result = { ...merged };
  if (isObject(merged.properties)) {
    const properties = Object.entries(merged.properties).map(([key, property]) => {
      const inside = isObject(value) ? value[key] : undefined;
      return [key, isObject(property) ? applicable(property, inside) : property] as const;
    });
    result.properties = Object.fromEntries(properties);
  }
  if (isObject(merged.items) && Array.isArray(value) && value.length > 0) {
    // Elements may be of different branches; each is checked by its own schema.
    result.prefixItems = value.map((item) => applicable(merged.items as JsonObject, item));
    result.items = true;
  }
  return result;
}

/** The constants by which the branches of a oneOf are told apart: `{key: "auth_type", values: ["Client", "Service"]}`. */
export function discriminator(branches: JsonObject[]): { key: string; values: Json[] } | undefined {
  const first = branches[0]?.properties;
  if (!isObject(first)) return undefined;
  for (const key of Object.keys(first)) {
    const values = branches.map((branch) =>
      constantOf(isObject(branch.properties) ? branch.properties[key] : undefined),
    );
    if (values.every((value) => value !== undefined)) return { key, values };
  }
  return undefined;
}

function chooseBranch(branches: JsonObject[], value: Json | undefined): JsonObject | undefined {
  const found = discriminator(branches);
  if (!found || !isObject(value)) return undefined;
  return branches.find((_, index) => found.values[index] === value[found.key]);
}

function constantOf(schema: unknown): Json | undefined {
  if (!isObject(schema)) return undefined;
  if (schema.const !== undefined) return schema.const;
  return Array.isArray(schema.enum) && schema.enum.length === 1 ? schema.enum[0] : undefined;
}

function merge(base: JsonObject, branch: JsonObject): JsonObject {
  const properties = {
    ...(base.properties as JsonObject | undefined),
    ...(branch.properties as JsonObject | undefined),
  };
  const required = [
    ...((base.required as Json[] | undefined) ?? []),
    ...((branch.required as Json[] | undefined) ?? []),
  ];
  return { ...base, ...branch, properties, ...(required.length > 0 ? { required: [...new Set(required)] } : {}) };
}

/**
 * What the specification says of the value at a path: marked as a secret (`airbyte_secret`, on it or on what holds it), known and not
 * marked, or nothing, as of a key that an older version of the connector had.
 */
export function secrecyOf(
  schema: JsonObject,
  value: Json,
  path: readonly (string | number)[],
): "secret" | "plain" | "unknown" {
  let current: unknown = applicable(schema, value);
  for (const step of path) {
    if (!isObject(current)) return "unknown";
    if (current.airbyte_secret === true) return "secret";
    if (typeof step === "number")
      current = Array.isArray(current.prefixItems) ? current.prefixItems[step] : current.items;
    else current = isObject(current.properties) ? current.properties[step] : undefined;
  }
  if (!isObject(current)) return "unknown";
  return current.airbyte_secret === true ? "secret" : "plain";
}
