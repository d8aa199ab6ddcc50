import type { Stream } from "../../api/types.ts";
import { changedKeys, same } from "../../lifecycle/canonical.ts";
import { canonicalMappers, mappersSeenThrough, type MapperSecrets } from "./mappers.ts";

// How declared streams and the server's are compared. The order of streams and of selected fields means nothing; the
// order in a key or a cursor does. Everything that the server fills in by itself is left out.

/** A stream as the API takes it; only `name` is needed. */
export interface StreamInputs {
  name: string;
  namespace?: string;
  syncMode?: string;
  cursorField?: string[];
  primaryKey?: string[][];
  selectedFields?: { fieldPath: string[] }[];
  mappers?: Record<string, unknown>[];
  [other: string]: unknown;
}

/** The streams in an order of their own, selected fields too, so that equal lists are equal as JSON. */
export function canonicalStreams(streams: readonly StreamInputs[] | undefined): StreamInputs[] | undefined {
  if (streams === undefined) return undefined;
  return streams.map(canonicalStream).sort((a, b) => compare(streamKey(a), streamKey(b)));
}

/** A stream as it is sent: Airbyte refuses an empty list where it means "all" or "none", and drops what the mode has no use for. */
export function asSent(stream: StreamInputs): StreamInputs {
  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  const kept = Object.entries(stream).filter(([key, value]) => !isEmpty(value) && isUsed(key, stream.syncMode));
  return Object.fromEntries(kept) as StreamInputs;
}

/**
 * Whether a sync mode has a use for a setting. Where it has none, Airbyte goes by the source's own cursor and key, whatever
 * it was given (seen on its API server): no full refresh has a cursor, and only the two plain ones have no key.
 */
export function isUsed(setting: string, syncMode = "full_refresh_overwrite"): boolean {
  if (setting === "cursorField") return !syncMode.startsWith("full_refresh");
  if (setting === "primaryKey") return !["full_refresh_overwrite", "full_refresh_append"].includes(syncMode);
  return true;
}

/** Settings of a stream that a declaration can have, beside what it is called. */
const SETTINGS = [
  ...["syncMode", "cursorField", "primaryKey", "selectedFields", "mappers"],
  ...["includeFiles", "destinationObjectName"],
];

/**
 * A stream with the settings that somebody else made and nobody ever declared: a change of the streams replaces each as a whole. What was
 * declared and is no more isn't among them, and goes back to its default.
 *
 * @param before the same stream as it was declared last
 * @param actual the same on the server, mappers with their ids: by those it knows the secrets that it masks
 */
export function withUndeclared(
  stream: StreamInputs,
  before: StreamInputs | undefined,
  actual: Stream | undefined,
): StreamInputs {
  const isSaid = (value: unknown) => value !== undefined && value !== null && value !== false;
  const kept = SETTINGS.filter((key) => {
    const value = actual?.[key];
    return stream[key] === undefined && before?.[key] === undefined && isSaid(value);
  });
  const whole = { ...Object.fromEntries(kept.map((key) => [key, actual?.[key]])), ...stream };
  return asSent(whole);
}

/** What differs between two lists of streams, for people: `cursorField of the stream "users"`. */
export function changedStreamSettings(a: readonly StreamInputs[] = [], b: readonly StreamInputs[] = []): string[] {
  const others = new Map(b.map((stream) => [streamKey(stream), asSent(stream)]));
  const gone = a.flatMap((stream) => {
    const other = others.get(streamKey(stream));
    others.delete(streamKey(stream));
    const name = `the stream ${JSON.stringify(stream.name)}`;
    if (!other) return [name];
    return changedKeys(canonicalStream(stream), canonicalStream(other), []).map((key) => `${key} of ${name}`);
  });
  return [
    ...gone,
    ...[...others.values()].map(({ name }) => `the stream ${JSON.stringify(name)}, which nobody declared`),
  ];
}

/**
 * The server's streams seen through the declared ones: the settings that were declared, and streams that nobody
 * declared by their names. A stream that the server lost is missing.
 */
export function streamsSeenThrough(
  declared: readonly StreamInputs[],
  actual: readonly Stream[],
  secrets?: MapperSecrets,
): StreamInputs[] {
  const rest = new Set(actual);
  const seen = declared.flatMap((stream) => {
    const found = counterpart(stream, actual);
    if (found) rest.delete(found);
    return found ? [seeStream(stream, found, secrets)] : [];
  });
  return [...seen, ...[...rest].map(plainStream)];
}

// One stream of the server with the settings that were declared, and no others.
function seeStream(declared: StreamInputs, actual: Stream, secrets?: MapperSecrets): StreamInputs {
  const seen: StreamInputs = { name: actual.name };
  for (const [key, value] of Object.entries(declared)) {
    if (key === "name") continue;
    const now = key === "mappers" ? mappersSeenThrough(value, actual.mappers, secrets) : actual[key];
    // The server ignores a namespace where the name alone is unique, and answers with the real one.
    if (key === "namespace") seen.namespace = declared.namespace!;
    else if (!isUsed(key, declared.syncMode) || sameSetting(key, value, now)) seen[key] = value;
    else if (now !== undefined && now !== null) seen[key] = now;
  }
  return seen;
}

function sameSetting(key: string, declared: unknown, actual: unknown): boolean {
  if (key === "selectedFields") return same(sortFields(declared), sortFields(actual));
  if (key === "mappers") return same(canonicalMappers(declared), canonicalMappers(actual));
  return same(declared, actual);
}

/** The same stream in another list. */
export function counterpart<S extends Pick<Stream, "name" | "namespace">>(
  declared: Pick<StreamInputs, "name" | "namespace">,
  actual: readonly S[],
): S | undefined {
  const sameName = actual.filter((stream) => stream.name === declared.name);
  if (sameName.length <= 1 || declared.namespace === undefined) return sameName[0];
  return sameName.find((stream) => (stream.namespace ?? "") === declared.namespace);
}

function plainStream(stream: Stream): StreamInputs {
  return {
    name: stream.name,
    ...(stream.namespace ? { namespace: stream.namespace } : {}),
    ...(stream.syncMode ? { syncMode: stream.syncMode } : {}),
  };
}

function canonicalStream(stream: StreamInputs): StreamInputs {
  const result = asSent(stream);
  if (stream.selectedFields?.length)
    result.selectedFields = sortFields(stream.selectedFields) as { fieldPath: string[] }[];
  if (stream.mappers?.length) result.mappers = canonicalMappers(stream.mappers) as Record<string, unknown>[];
  return result;
}

function sortFields(fields: unknown): unknown {
  if (!Array.isArray(fields)) return [];
  return [...(fields as { fieldPath: string[] }[])]
    .map(({ fieldPath }) => ({ fieldPath }))
    .sort((a, b) => compare(JSON.stringify(a.fieldPath), JSON.stringify(b.fieldPath)));
}

function streamKey(stream: StreamInputs): string {
  return `${stream.namespace ?? ""}\n${stream.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
