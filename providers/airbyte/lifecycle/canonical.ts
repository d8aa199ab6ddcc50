import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject } from "../api/types.ts";

/** Stands for a value that Pulumi does not know yet, in previews (its own sentinel, see the SDK's runtime/rpc). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** As a value in a configuration: what the server holds already is kept, mostly a secret. */
export const STORED = "${stored}";

/** Airbyte's answer in place of every secret. */
export const MASK = "**********";

/** Equal as JSON: the order of keys does not matter, a key that is undefined is absent, and -0 is 0. */
export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(asJson(a), asJson(b));
}

/** The top-level keys of either object whose values differ, but for the ignored ones. */
export function changedKeys(a: object, b: object, ignored: readonly string[]): string[] {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => !ignored.includes(key) && !same(left[key], right[key]));
}

/** The same, as paths into objects: `configuration.host`. */
export function changedPaths(a: object, b: object, ignored: readonly string[], prefix = ""): string[] {
  return changedKeys(a, b, ignored).flatMap((key) => {
    const [left, right] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]];
    if (isObject(left) && isObject(right)) return changedPaths(left, right, [], `${prefix}${key}.`);
    return [prefix + key];
  });
}

/**
 * What the server has, seen through what was declared: keys that nobody declared are left out (they are the server's,
 * or a connector's own), and where the server shows a mask, the declared secret stands.
 */
export function seenThrough(declared: Json, actual: Json | undefined): Json | undefined {
  if (actual === undefined) return undefined;
  if (actual === MASK || declared === STORED) return declared;
  if (Array.isArray(declared) && Array.isArray(actual)) {
    return actual.map((item, index) => {
      const counterpart = declared[index];
      return counterpart === undefined ? item : (seenThrough(counterpart, item) ?? null);
    });
  }
  if (isObject(declared) && isObject(actual)) {
    const seen: JsonObject = {};
    for (const [key, value] of Object.entries(declared)) {
      const found = seenThrough(value, actual[key]);
      // JSON null and an absent key mean the same to a connector.
      if (found !== undefined) seen[key] = found;
      else if (value === null) seen[key] = null;
    }
    return seen;
  }
  return actual;
}

/** The places in a structure that satisfy a test, as `a.b[0].c`. */
export function pathsWhere(value: unknown, test: (leaf: unknown) => boolean, path = ""): string[] {
  if (test(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => pathsWhere(item, test, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => pathsWhere(item, test, path === "" ? key : `${path}.${key}`));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asJson(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(asJson);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, asJson(item)]));
}
