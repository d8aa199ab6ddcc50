import { Quotations } from "../../../specification/quotations.ts";
import type { Json, JsonObject } from "../../json.ts";
import { mask, replaceSecrets } from "../../platform/secrets.ts";

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
