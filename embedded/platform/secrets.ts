import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import { patterns } from "../../specification/patterns.ts";
import { Place } from "../../specification/place.ts";
import { withinTime } from "../../specification/within-time.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** What Airbyte shows in place of a secret: exactly ten asterisks. */
export const mask = "**********";

const ajv = new Ajv({
  ...{ strict: false, allErrors: true, verbose: true, validateFormats: true, addUsedSchema: false },
  // Else what is referred to a thousand times is compiled a thousand times.
  inlineRefs: false,
  code: { regExp: patterns },
});
ajvFormats.default(ajv);
const compiled = new WeakMap<JsonObject, ValidateFunction | "too complex">();

/** Far more than any sensible specification takes, also on a machine that is busy. */
const PATIENCE_MS = 2_000;

/**
 * What a schema, compiled once, finds wrong; undefined where that takes too long, and is not asked again: references to references
 * can mean more than can ever be looked at.
 *
 * @throws Error where it is no schema
 */
export function errorsBy(schema: JsonObject, value: Json): ErrorObject[] | undefined {
  if (compiled.get(schema) === "too complex") return undefined;
  const found = withinTime(() => {
    // Whoever shows the value has to tell its secrets in time as well.
    replaceSecrets(schema, value, () => mask);
    const validator = compiledOnce(schema);
    return validator(value) ? [] : (validator.errors ?? []);
  }, PATIENCE_MS);
  // The validator goes with all that it has found.
  if (!found) compiled.set(schema, "too complex");
  return found?.result;
}

function compiledOnce(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (typeof known === "function") return known;
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
