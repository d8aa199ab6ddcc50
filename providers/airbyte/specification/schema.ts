import { discriminator, referred } from "../../../specification/references.ts";
import { Place, type Branches } from "../../../specification/place.ts";
import { isObject } from "../lifecycle/canonical.ts";
import type { Json, JsonObject } from "../api/words.ts";

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
export function applicable(given: JsonObject, value: Json | undefined, root: JsonObject = given): JsonObject {
  return narrowed(given, value, root, new Set());
}

/** @param followed the references that were followed for the same value: each is once, so that none multiplies */
function narrowed(given: JsonObject, value: Json | undefined, root: JsonObject, followed: Set<string>): JsonObject {
  // Only as deep as there are values: a schema may contain itself.
  const schema = value === undefined ? given : writtenOut(given, root, followed);
  const { oneOf, ...rest } = schema;
  const branch = Array.isArray(oneOf) ? chooseBranch(oneOf.filter(isObject), value, root) : undefined;
  const merged: JsonObject = branch ? merge(rest, writtenOut(branch, root, followed)) : schema;
  const result = { ...merged };
  if (isObject(merged.properties)) {
    const properties = Object.entries(merged.properties).map(([key, property]) => {
      const inside = isObject(value) ? value[key] : undefined;
      return [key, isObject(property) ? applicable(property, inside, root) : property] as const;
    });
    result.properties = Object.fromEntries(properties);
  }
  if (Array.isArray(merged.allOf)) {
    result.allOf = merged.allOf.map((each) => (isObject(each) ? narrowed(each, value, root, followed) : each));
  }
  if (isObject(merged.items) && Array.isArray(value) && value.length > 0) {
    // Elements may be of different branches; each is checked by its own schema.
    result.prefixItems = value.map((item) => applicable(merged.items as JsonObject, item, root));
    result.items = true;
  }
  return result;
}

/** A schema with what it refers to in the reference's place. */
function writtenOut(schema: JsonObject, root: JsonObject, followed: Set<string>): JsonObject {
  let result = schema;
  while (typeof result.$ref === "string" && !followed.has(result.$ref)) {
    followed.add(result.$ref);
    const { $ref, ...beside } = result;
    const target = referred(root, $ref)[0];
    if (!isObject(target)) return result;
    result = merge(target, beside);
  }
  return result;
}

function chooseBranch(branches: JsonObject[], value: Json | undefined, root: JsonObject): JsonObject | undefined {
  const found = discriminator(branches, root);
  if (!found || !isObject(value)) return undefined;
  return branches.find((_, index) => found.values[index] === value[found.key]);
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
 * What the specification says of the value at a path: marked as a secret (`airbyte_secret`, on it or on what holds it); known and not
 * marked, where `holder` says that something inside may be; or nothing, as of a key that an older version of the connector had.
 */
export function secrecyOf(
  schema: JsonObject,
  value: Json,
  path: readonly (string | number)[],
): "secret" | "holder" | "plain" | "unknown" {
  const chosen = secrecyBy("named", schema, value, path);
  if (chosen !== "unknown") return chosen;
  // A key that only another branch than the chosen one has: it is left of an earlier choice.
  return secrecyBy("all", schema, value, path) === "secret" ? "secret" : "unknown";
}

function secrecyBy(branches: Branches, schema: JsonObject, value: Json, path: readonly (string | number)[]) {
  let place = Place.of(schema, value, branches);
  for (const step of path) {
    if (place.isSecret) return "secret";
    place = place.inside(step);
  }
  if (place.isSecret) return "secret";
  if (place.mayHoldSecrets) return "holder";
  return place.isNamed ? "plain" : "unknown";
}
