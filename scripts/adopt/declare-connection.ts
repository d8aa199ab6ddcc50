import type { Connection, Stream } from "../../providers/airbyte/api/types.ts";
import { MASK } from "../../providers/airbyte/lifecycle/canonical.ts";
import { CONNECTION_DEFAULTS } from "../../providers/airbyte/lifecycle/connection-view.ts";
import { isPattern } from "../../providers/airbyte/lifecycle/stream-selection.ts";
import { splitZone } from "../../providers/airbyte/schedule.ts";
import { nameIn, placeOf, withoutNulls, type Made, type Making } from "./making.ts";
import type { Found } from "./model.ts";

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
  const others = PLAIN.filter((key) => (object[key] ?? CONNECTION_DEFAULTS[key]) !== CONNECTION_DEFAULTS[key]);
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
    ...streams(object, notes),
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

function streams({ configurations }: Connection, notes: string[]): Record<string, unknown> {
  const shown = configurations?.streams ?? [];
  if (shown.length === 0) {
    notes.push("it has no streams");
    return {};
  }
  if (shown.some((stream) => isPattern({ name: stream.name }))) {
    notes.push(
      "one of its streams has a name with * or ?, or ! at its start, which is a pattern here: its streams stay as they are",
    );
    return {};
  }
  const declared = [...shown]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map((stream) => declareStream(stream, shown));
  const [first] = declared;
  const syncMode = first?.syncMode;
  // A mode that all have is said once.
  if (syncMode === undefined || declared.length < 2 || declared.some((stream) => stream.syncMode !== syncMode)) {
    return { streams: declared.map(shortened) };
  }
  const rest = declared.map((stream) => shortened({ ...stream, syncMode: undefined }));
  return { streamDefaults: { syncMode }, streams: rest };
}

interface DeclaredStream extends Record<string, unknown> {
  syncMode?: unknown;
}

function shortened(stream: DeclaredStream): unknown {
  const said = withoutNulls(stream);
  return Object.keys(said).length === 1 ? said.name : said;
}

function declareStream(stream: Stream, all: readonly Stream[]): DeclaredStream {
  const { name, namespace, syncMode, cursorField, primaryKey, selectedFields, mappers } = stream;
  const several = all.filter((other) => other.name === name).length > 1;
  const fields = selectedFields?.map(({ fieldPath }) => (fieldPath.length === 1 ? fieldPath[0] : fieldPath));
  return withoutNulls({
    name,
    namespace: several ? namespace : undefined,
    syncMode,
    cursorField: some(cursorField) && short(cursorField),
    primaryKey: some(primaryKey) && primaryKey?.map(short),
    selectedFields: some(fields) && fields,
    mappers: some(mappers) && mappers?.map(declareMapper),
    includeFiles: stream.includeFiles === true ? true : undefined,
    destinationObjectName: stream.destinationObjectName,
  });
}

function some(list: readonly unknown[] | null | undefined): true | undefined {
  return list && list.length > 0 ? true : undefined;
}

function short(path: readonly string[] | null | undefined): unknown {
  return path?.length === 1 ? path[0] : path;
}

/** By its id Airbyte knows which secret a mask stands for; without secrets the id says nothing. */
function declareMapper({ id, type, mapperConfiguration }: Record<string, unknown>): object {
  const masked = JSON.stringify(mapperConfiguration).includes(MASK);
  return { ...(masked ? { id } : {}), type, mapperConfiguration };
}
