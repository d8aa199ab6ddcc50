import type { Json, JsonObject } from "../../api/types.ts";
import { isObject, same, seenThrough } from "../../lifecycle/canonical.ts";

// Mappers are in lists, and a list of which one value is secret is secret as a whole to Pulumi; what the provider makes of a list
// (the streams of a pattern) would be no secret at all. So the secrets of mappers are an input of their own, by place
// (`mapperSecrets`), and a placeholder stands where they belong. Only what is sent and what is compared has them in place.

/** The secrets of a connection's mappers by the place that their placeholders name. */
export type MapperSecrets = Record<string, Json>;

/** What stands in place of a secret. */
export function placeholder(place: string): string {
  return `[secret ${place}]`;
}

/** Whether a text stands in place of a secret. */
export function isPlaceholder(text: string): boolean {
  return /^\[secret .*\]$/s.test(text);
}

/** What stands in place of a secret that is another one on the server. */
const ANOTHER = "[another value]";

/** Settings of Airbyte's mappers that are no secrets: names of fields and ways of working. Everything else may be one. */
const PLAIN = new Set(
  `algorithm comparisonValue conditions fieldName fieldNameSuffix id method mode name newFieldName originalFieldName padding
   publicKey targetField type`.split(/\s+/),
);

/** Whether a value under this key of a mapper may be shown. */
export function isPlainMapperKey(key: string): boolean {
  return PLAIN.has(key);
}

/** Streams, or a part of them, with the secrets of their mappers in place. */
export function revealed<T>(value: T, secrets: MapperSecrets | undefined): T {
  if (!isObject(secrets)) return value;
  const reveal = (inner: unknown): unknown => {
    if (typeof inner === "string") return secretOf(inner, secrets) ?? inner;
    if (Array.isArray(inner)) return inner.map(reveal);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, reveal(item)]));
  };
  return reveal(value) as T;
}

/** Mappers as they are compared: the server gives each an id of its own. */
export function canonicalMappers(mappers: unknown): unknown {
  if (!Array.isArray(mappers)) return mappers;
  return mappers.map((mapper: unknown) => (isObject(mapper) ? withoutId(mapper) : mapper));
}

/**
 * The server's mappers seen through the declared ones: what the server adds (ids, the empty `conditions` in a condition) is left out,
 * masked secrets are as they were declared, and one that is another shows as that alone.
 */
export function mappersSeenThrough(declared: unknown, actual: unknown, secrets: MapperSecrets | undefined): Json {
  const found = (Array.isArray(actual) ? (actual as Json[]) : []).map((mapper) =>
    isObject(mapper) ? withoutId(mapper) : mapper,
  );
  if (typeof declared === "string") return concealed(declared, found, secrets);
  const ours = Array.isArray(declared) ? (declared as Json[]) : [];
  return found.map((mapper, index) => {
    const own = ours[index];
    if (typeof own === "string") return concealed(own, mapper, secrets);
    // Of one that nobody declared, or that is of another kind now, all is shown but what may be a secret.
    if (!isObject(own) || !isObject(mapper) || own.type !== mapper.type) return withoutSecrets(mapper);
    const seen = seenThrough(withoutId(own), concealed(own, mapper, secrets)) as JsonObject;
    return own.id === undefined ? seen : { id: own.id, ...seen };
  });
}

/** Whether the inputs hold a secret of a mapper apart that the state, of an earlier version maybe, has in another place. */
export function sealsMore(before: MapperSecrets | undefined, now: MapperSecrets | undefined): boolean {
  return Object.keys(now ?? {}).some((place) => !(place in (before ?? {})));
}

function secretOf(text: string, secrets: MapperSecrets | undefined): Json | undefined {
  const place = /^\[secret (.*)\]$/s.exec(text)?.[1];
  return place !== undefined && secrets && Object.hasOwn(secrets, place) ? secrets[place] : undefined;
}

/** What the server has, with the placeholder where it has the secret that was declared there, or a mask. */
function concealed(declared: Json | undefined, actual: Json, secrets: MapperSecrets | undefined): Json {
  const secret = typeof declared === "string" ? secretOf(declared, secrets) : undefined;
  if (secret !== undefined) {
    const bare = (value: Json) => (Array.isArray(value) ? (canonicalMappers(value) as Json) : value);
    return same(bare(seenThrough(secret, actual) ?? null), bare(secret)) ? (declared ?? null) : ANOTHER;
  }
  if (Array.isArray(actual)) {
    const list = Array.isArray(declared) ? declared : [];
    return actual.map((item, index) => concealed(list[index], item, secrets));
  }
  if (!isObject(actual)) return actual;
  const map = isObject(declared) ? declared : {};
  return Object.fromEntries(Object.entries(actual).map(([key, item]) => [key, concealed(map[key], item, secrets)]));
}

function withoutSecrets(value: Json, key = "type"): Json {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, key));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        withoutSecrets(item, name === "mapperConfiguration" ? key : name),
      ]),
    );
  }
  return typeof value === "string" && !isPlainMapperKey(key) ? ANOTHER : value;
}

function withoutId(mapper: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(mapper).filter(([key]) => key !== "id"));
}
