import { Place } from "../../specification/place.ts";
import { Quotations } from "../../specification/quotations.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** What Airbyte shows in place of a secret: exactly ten asterisks. */
export const mask = "**********";

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

/** Takes a configuration's secrets out of what a connector writes. */
export type Masking = (text: string) => string;

/**
 * A masking for the values that the spec marks with `airbyte_secret`, in whatever encoding programs print them. A secret is
 * found in pieces as well: the values inside of a JSON document (a service account's key), and each line of a longer text.
 */
export function maskingOf(spec: JsonObject, configuration: JsonObject): Masking {
  const quotations = new Quotations();
  for (const secret of secretsOf(spec, configuration)) {
    for (const text of [secret, ...textsInside(secret)]) {
      for (const piece of [text, ...linesOf(text)]) quotations.add(piece);
    }
  }
  return (text) => quotations.blank(text, mask);
}

function secretsOf(spec: JsonObject, configuration: JsonObject): string[] {
  const found: string[] = [];
  replaceSecrets(spec, configuration, (_path, secret) => {
    found.push(...texts(secret));
    return mask;
  });
  return found;
}

function texts(value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

// Of a service account's document, "type": "service_account" and the like are no secrets; keys and tokens are long.
function textsInside(secret: string): string[] {
  try {
    return texts(JSON.parse(secret) as Json).filter((text) => text.length >= 16);
  } catch {
    return [];
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.length >= 16);
}
