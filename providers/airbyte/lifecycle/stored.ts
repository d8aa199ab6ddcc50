import type { Json, JsonObject } from "../api/types.ts";
import { isNonSecretKey, possibleSecrets } from "../api/redact.ts";
import { MASK, STORED, isObject, pathsWhere } from "./canonical.ts";

/** Places of a configuration whose values are secrets, as the connector's specification says or by their keys alone. */
export interface Sealed {
  by: "specification" | "keys";
  paths: string[];
}

/** The places of a configuration where the server's own secret is to stay. */
export function storedPaths(configuration: unknown): string[] {
  return pathsWhere(configuration, (leaf) => leaf === STORED).map((path) => `configuration.${path}`);
}

/** Values that only a creation uses, by the places of `storedPaths` where `STORED` stands for them. */
export type FirstValues = Record<string, Json>;

/**
 * A configuration with what stands for such a value in its place: what the server has, masked or not, or else the first value.
 *
 * @param actual what the server has; undefined for a new object
 */
export function withFirst(
  configuration: JsonObject,
  values: FirstValues | undefined,
  actual?: JsonObject | null,
): JsonObject {
  if (!values) return configuration;
  const fill = (value: Json, there: Json | undefined, path: string): Json => {
    if (value === STORED && Object.hasOwn(values, path)) return there ?? values[path]!;
    if (Array.isArray(value)) {
      const list = Array.isArray(there) ? there : [];
      return value.map((item, index) => fill(item, list[index], `${path}[${index}]`));
    }
    if (!isObject(value)) return value;
    const map = isObject(there) ? there : {};
    const entries = Object.entries(value).map(([key, item]) => [key, fill(item, map[key], `${path}.${key}`)] as const);
    return Object.fromEntries(entries);
  };
  return fill(configuration, actual ?? undefined, "configuration") as JsonObject;
}

/** A configuration as it is put: Airbyte keeps what it has where it reads its mask (PUT only). */
export function withMasks(configuration: JsonObject): JsonObject {
  const replace = (value: Json): Json => {
    if (value === STORED) return MASK;
    if (Array.isArray(value)) return value.map(replace);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
  return replace(configuration) as JsonObject;
}

/** The places whose value may be a secret and differs, for a person to see that it changes and not how. */
export function changedSecrets(before: unknown, after: unknown, path = "configuration", key = ""): string[] {
  if (typeof after === "string") return isNonSecretKey(key) || before === after ? [] : [path];
  if (Array.isArray(after)) {
    const list: unknown[] = Array.isArray(before) ? before : [];
    return after.flatMap((item, index) => changedSecrets(list[index], item, `${path}[${index}]`, key));
  }
  if (!isObject(after)) return [];
  const old = isObject(before) ? before : {};
  return Object.entries(after).flatMap(([name, item]) => changedSecrets(old[name], item, `${path}.${name}`, name));
}

/** The values of a resource's inputs that are secrets, or may be: what a specification marks is one whatever its key is called. */
export function secretsOf({ configuration, sealed, mapperSecrets, firstValues }: Record<string, unknown>): unknown[] {
  const { by, paths = [] } = (sealed ?? {}) as Partial<Sealed>;
  const marked = by === "specification" ? valuesAt(configuration, new Set(paths), "configuration") : [];
  return [possibleSecrets(configuration), mapperSecrets, firstValues, marked];
}

function valuesAt(value: unknown, paths: ReadonlySet<string>, path: string): unknown[] {
  if (paths.has(path)) return [value];
  if (Array.isArray(value)) return value.flatMap((item, index) => valuesAt(item, paths, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => valuesAt(item, paths, `${path}.${key}`));
}

/** Airbyte's ids. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A configuration must not hold Airbyte's mask: sent back, it would become the secret. */
export function maskMistakes(configuration: unknown): string[] {
  if (!isObject(configuration)) return [];
  return pathsWhere(configuration, (leaf) => leaf === MASK).map(
    (path) =>
      `configuration.${path}: is Airbyte's mask (${MASK}), not a secret; it was copied from an answer of Airbyte. Give the secret itself.`,
  );
}
