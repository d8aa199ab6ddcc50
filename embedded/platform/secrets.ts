import { patterns } from "../../specification/pattern.ts";
import { Ajv, type ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** What Airbyte shows in place of a secret: exactly ten asterisks. */
export const mask = "**********";

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  verbose: true,
  validateFormats: true,
  code: { regExp: patterns },
});
ajvFormats.default(ajv);
const compiled = new WeakMap<JsonObject, ValidateFunction>();

/** The validator of a schema, compiled once. */
export function validatorOf(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const validator = ajv.compile(schema);
  compiled.set(schema, validator);
  return validator;
}

/** A copy of the configuration with every secret replaced. Without `properties` or `oneOf` in the spec nothing is. */
export function replaceSecrets(spec: JsonObject, value: Json, replacement: (path: string) => string, path = ""): Json {
  if (spec.airbyte_secret === true && value !== null) return replacement(path);
  if (Array.isArray(value)) {
    const items = spec.items;
    return isObject(items)
      ? value.map((item, index) => replaceSecrets(items, item, replacement, `${path}/${index}`))
      : value;
  }
  if (!isObject(value)) return value;
  // Every branch is masked, fitting or not: keys of an earlier choice may still be there after a PATCH.
  return schemasOf(spec).reduce<JsonObject>((masked, schema) => {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const entries = Object.entries(masked).map(([key, item]): [string, Json] => {
      const property = properties[key];
      return [key, isObject(property) ? replaceSecrets(property, item, replacement, `${path}/${key}`) : item];
    });
    return Object.fromEntries(entries);
  }, value);
}

/**
 * Puts the stored secrets where the new configuration has the mask, as Airbyte does on PUT. A branch of a oneOf is
 * followed only if the new object is valid in it.
 */
export function keepSecrets(spec: JsonObject, next: Json, stored: Json | undefined): Json {
  if (spec.airbyte_secret === true) return next === mask && stored !== undefined ? stored : next;
  if (!isObject(next) || !isObject(stored)) return next;
  return fittingSchemas(spec, next).reduce<JsonObject>((kept, schema) => {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const entries = Object.entries(kept).map(([key, item]): [string, Json] => {
      const property = properties[key];
      return [key, isObject(property) ? keepSecrets(property, item, stored[key]) : item];
    });
    return Object.fromEntries(entries);
  }, next);
}

function branchesOf(schema: JsonObject): JsonObject[] {
  const branches = schema.oneOf;
  return Array.isArray(branches) ? branches.filter(isObject) : [];
}

function schemasOf(schema: JsonObject): JsonObject[] {
  return [schema, ...branchesOf(schema)];
}

function fittingSchemas(schema: JsonObject, value: JsonObject): JsonObject[] {
  return [schema, ...branchesOf(schema).filter((branch) => validatorOf(branch)(value))];
}
