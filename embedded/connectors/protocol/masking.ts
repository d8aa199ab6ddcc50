import { isObject, type Json, type JsonObject } from "../../json.ts";
import { mask, replaceSecrets } from "../../platform/secrets.ts";

/** Shorter texts occur everywhere: masking them would spoil every log and hide nothing. */
const shortest = 3;

/** Takes a configuration's secrets out of what a connector writes. */
export type Masking = (text: string) => string;

/**
 * A masking for the values that the spec marks with `airbyte_secret`. A secret is found in pieces as well, as programs
 * print them: the values inside of a JSON document (a service account's key), and each line of a longer text.
 */
export function maskingOf(spec: JsonObject, configuration: JsonObject): Masking {
  const found = new Set<string>();
  for (const secret of secretsOf(spec, configuration)) {
    for (const text of [secret, ...textsInside(secret)]) addWithLines(found, text);
  }
  // The longest first: a secret may be part of another.
  const secrets = [...found].sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, mask), text);
}

function secretsOf(spec: JsonObject, configuration: JsonObject): string[] {
  const paths: string[] = [];
  replaceSecrets(spec, configuration, (path) => {
    paths.push(path);
    return mask;
  });
  return paths.flatMap((path) => texts(at(configuration, path)));
}

function at(value: Json | undefined, path: string): Json | undefined {
  return path
    .split("/")
    .slice(1)
    .reduce<Json | undefined>((found, key) => {
      if (Array.isArray(found)) return found[Number(key)];
      return isObject(found) ? found[key] : undefined;
    }, value);
}

function texts(value: Json | undefined): string[] {
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

function addWithLines(found: Set<string>, text: string): void {
  const lines = text.split(/\r?\n/).filter((line) => line.length >= 16);
  const forms = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), ...(lines.length > 1 ? lines : [])];
  for (const form of forms) if (form.length >= shortest) found.add(form);
}
