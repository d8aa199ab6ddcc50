import { Ajv, type ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import { patterns } from "../../specification/patterns.ts";
import { Place } from "../../specification/place.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** What Airbyte shows in place of a secret: exactly ten asterisks. */
export const mask = "**********";

const ajv = new Ajv({
  ...{ strict: false, allErrors: true, verbose: true, validateFormats: true, addUsedSchema: false },
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

/** A copy of the configuration with every secret replaced. */
export function replaceSecrets(
  spec: JsonObject,
  configuration: Json,
  replacement: (path: string, secret: Json) => string,
): Json {
  // Every branch of a oneOf counts, fitting or not: keys of an earlier choice may still be there after a PATCH.
  const replaced = (place: Place, value: Json, path: string): Json => {
    if (place.isSecret && value !== null) return replacement(path, value);
    if (Array.isArray(value)) {
      return value.map((item, index) => replaced(place.inside(index), item, `${path}/${index}`));
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => {
      return [key, replaced(place.inside(key), item, `${path}/${key}`)] as const;
    });
    return Object.fromEntries(entries);
  };
  return replaced(Place.of(spec, configuration), configuration, "");
}

/**
 * Puts the stored secrets where the new configuration has the mask, as Airbyte does on PUT: not in lists, and of a oneOf only
 * by the branch that the new object has chosen.
 */
export function keepSecrets(spec: JsonObject, configuration: Json, stored: Json | undefined): Json {
  const kept = (place: Place, next: Json, before: Json | undefined): Json => {
    if (place.isSecret) return next === mask && before !== undefined ? before : next;
    if (!isObject(next) || !isObject(before)) return next;
    const entries = Object.entries(next).map(([key, item]) => {
      return [key, kept(place.inside(key), item, Object.hasOwn(before, key) ? before[key] : undefined)] as const;
    });
    return Object.fromEntries(entries);
  };
  return kept(Place.of(spec, configuration, "named"), configuration, stored);
}
