// A connection and its streams, as an entry.
import type { Connection, Stream } from "../../../providers/airbyte/api/types.ts";
import { splitZone } from "../../../providers/airbyte/kinds/connection/schedule.ts";
import { isPattern } from "../../../providers/airbyte/kinds/connection/stream-selection.ts";
import { isUsed } from "../../../providers/airbyte/kinds/connection/streams.ts";
import { CONNECTION_DEFAULTS } from "../../../providers/airbyte/kinds/connection/view.ts";
import { isObject, MASK } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { nameIn, placeOf, withoutNulls, type Made, type Making } from "./making.ts";
import { compare, type Found, type Secret } from "./model.ts";

const PLAIN = [
  "status",
  "namespaceDefinition",
  "namespaceFormat",
  "prefix",
  "nonBreakingSchemaUpdatesBehavior",
] as const;

/** A connection: what differs from Airbyte's defaults, its schedule and its streams. */
export function declareConnection({ object }: Found<Connection>, name: string, making: Making): Made {
  const { names } = making;
  const notes: string[] = [];
  const source = names.of("sources", object.sourceId);
  const isMeant = (key: (typeof PLAIN)[number]) =>
    key !== "namespaceFormat" || object.namespaceDefinition === "custom_format";
  const others = PLAIN.filter((key) => {
    return isMeant(key) && (object[key] ?? CONNECTION_DEFAULTS[key]) !== CONNECTION_DEFAULTS[key];
  });
  const tags = object.tags ?? [];
  const settings = {
    source: source ?? object.sourceId,
    destination: names.of("destinations", object.destinationId) ?? object.destinationId,
    ...nameIn(object.name, name),
    // One that doesn't say so is where its source is.
    ...(source === undefined ? placeOf(object.workspaceId, making) : {}),
    ...schedule(object, making, notes),
    ...Object.fromEntries(others.map((key) => [key, object[key]])),
    ...(tags.length > 0 ? { tags: tags.map(({ tagId }) => names.of("tags", tagId) ?? tagId) } : {}),
    ...declareStreams(object.configurations?.streams ?? [], notes, (key, value) =>
      making.secrets.add(name, key, value),
    ),
  };
  return { settings, notes };
}

function schedule({ schedule: shown }: Connection, { airbyte }: Making, notes: string[]): Record<string, unknown> {
  const { scheduleType, cronExpression } = shown ?? { scheduleType: "manual" };
  if (scheduleType === "manual") return { schedule: "manual" };
  if (scheduleType !== "cron" || typeof cronExpression !== "string") {
    const timing = typeof shown?.basicTiming === "string" ? ` (${shown.basicTiming})` : "";
    notes.push(
      `it has a schedule of the kind "${scheduleType}"${timing}, which can't be said here and stays as it is; \`schedule:\` replaces it`,
    );
    return {};
  }
  const { cronExpression: cron, timeZone } = splitZone(cronExpression);
  if (timeZone === "UTC") return { schedule: { cron } };
  if (airbyte.api.hasConfigApi) return { schedule: { cron, timeZone } };
  notes.push(`its schedule (${cronExpression}) has a time zone, which this Airbyte's API can't set; it stays as it is`);
  return {};
}

type MakeSecret = (key: string, value: string) => Secret;

/** The streams of a connection; a mode that all have is said once. */
function declareStreams(shown: readonly Stream[], notes: string[], secret: MakeSecret): Record<string, unknown> {
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
  return { streamDefaults: { syncMode }, streams: declared.map((stream) => shortened(withoutKey(stream, "syncMode"))) };
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

function withoutKey(object: Record<string, unknown>, left: string): Record<string, unknown> {
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
