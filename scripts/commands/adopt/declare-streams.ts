import type { Stream } from "../../../providers/airbyte/api/types.ts";
import { isObject, MASK } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { isPattern } from "../../../providers/airbyte/kinds/connection/stream-selection.ts";
import { isUsed } from "../../../providers/airbyte/kinds/connection/streams.ts";
import { withoutNulls } from "./making.ts";
import type { Secret } from "./model.ts";
import { compare } from "./names.ts";

type MakeSecret = (key: string, value: string) => Secret;

/** The streams of a connection; a mode that all have is said once. */
export function declareStreams(shown: readonly Stream[], notes: string[], secret: MakeSecret): Record<string, unknown> {
  if (shown.length === 0) {
    notes.push("it has no streams");
    return {};
  }
  if (shown.some(({ name }) => isPattern({ name }))) {
    notes.push(
      "one of its streams has a name with * or ?, or ! at its start, which is a pattern here: its streams stay as they are",
    );
    return {};
  }
  const declared = [...shown]
    .sort((a, b) => compare(a.name, b.name) || compare(a.namespace ?? "", b.namespace ?? ""))
    .map((stream) => declareStream(stream, shown, secret));
  const syncMode = declared[0]?.syncMode;
  const isShared = syncMode !== undefined && declared.every((stream) => stream.syncMode === syncMode);
  if (declared.length < 2 || !isShared) return { streams: declared.map(shortened) };
  return { streamDefaults: { syncMode }, streams: declared.map((stream) => shortened(without(stream, "syncMode"))) };
}

function declareStream(stream: Stream, all: readonly Stream[], secret: MakeSecret): Record<string, unknown> {
  const { name, namespace, syncMode, cursorField, primaryKey, selectedFields, mappers } = stream;
  const several = all.filter((other) => other.name === name).length > 1;
  return withoutNulls({
    name,
    namespace: several ? namespace : undefined,
    syncMode,
    // Airbyte shows the source's own in every mode.
    cursorField: isUsed("cursorField", syncMode ?? undefined) ? short(filled(cursorField)) : undefined,
    primaryKey: isUsed("primaryKey", syncMode ?? undefined) ? filled(primaryKey)?.map(short) : undefined,
    selectedFields: filled(selectedFields)?.map(({ fieldPath }) => short(fieldPath)),
    mappers: filled(mappers)?.map((mapper) => declareMapper(mapper, secret)),
    includeFiles: stream.includeFiles === true ? true : undefined,
    destinationObjectName: stream.destinationObjectName,
  });
}

/** An empty list is as good as none. */
function filled<T>(list: T[] | null | undefined): T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

function short(path: readonly string[] | undefined): unknown {
  return path?.length === 1 ? path[0] : path;
}

function shortened(stream: Record<string, unknown>): unknown {
  return Object.keys(stream).length === 1 ? stream.name : stream;
}

function without(object: Record<string, unknown>, left: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== left));
}

/** By its id Airbyte knows which secret a mask stands for; without one the id says nothing. */
function declareMapper({ id, type, mapperConfiguration }: Record<string, unknown>, secret: MakeSecret): object {
  if (!isObject(mapperConfiguration)) return { type, mapperConfiguration };
  const { key } = mapperConfiguration;
  const masked = JSON.stringify(mapperConfiguration).includes(MASK);
  const isShown = type === "encryption" && typeof key === "string" && key !== MASK;
  return {
    ...(masked ? { id } : {}),
    type,
    mapperConfiguration: isShown ? { ...mapperConfiguration, key: secret("key", key) } : mapperConfiguration,
  };
}
