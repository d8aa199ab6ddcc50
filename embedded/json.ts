export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;
/** Of a request's body: not said where it is null or left out. */
export type Optional<T> = T | null | undefined;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How deep arrays and objects may lie in each other; real configurations and schemas stay far below. */
const maxDepth = 200;

/** Reads JSON that somebody else wrote. Throws where it isn't JSON, or lies deeper than whoever walks through it could bear. */
export function readJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new Error(`it lies more than ${maxDepth} levels deep`);
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return value;
}

/** What is found first among the values; undefined where nothing is. */
export function firstFound<T>(values: Json[], find: (value: Json) => T | undefined): T | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
