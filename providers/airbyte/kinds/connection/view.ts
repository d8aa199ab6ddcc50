import type { ConnectionBody } from "../../api/airbyte-api.ts";
import type { Connection, JsonObject } from "../../api/types.ts";
import { resetsOf } from "../describe.ts";
import { connection } from "./description.ts";
import { splitZone, type ScheduleInputs } from "./schedule.ts";
import { same } from "../../lifecycle/canonical.ts";
import { tagId, tagsSeenThrough, type TagInput } from "./tags.ts";
import type { CommonInputs } from "../../lifecycle/handler.ts";
import type { OfferedStream } from "./stream-selection.ts";
import { revealed, type MapperSecrets } from "./mappers.ts";
import { asSent, canonicalStreams, streamsSeenThrough, type StreamInputs } from "./streams.ts";

/** What an edit does while a job of the connection runs. */
export type OnRunningSync = "wait" | "cancel" | "refuse";

/** The sync that a connection begins its life with. */
export interface FirstSync {
  /** Syncs once, as soon as the connection is there. */
  onCreate: boolean;
  /** Waits for the end of it; a failed job fails the update, and the connection is kept. @default true */
  wait?: boolean;
  /** How long it is waited for: `90s`, `30m`, `2h`. @default 1h */
  timeout?: string;
}

/** What a program declares of a connection. Settings left out are Airbyte's to choose and are not compared. */
export interface ConnectionInputs extends CommonInputs {
  workspaceId: string;
  name: string;
  sourceId: string;
  destinationId: string;
  status?: string;
  schedule?: ScheduleInputs;
  namespaceDefinition?: string;
  namespaceFormat?: string;
  prefix?: string;
  nonBreakingSchemaUpdatesBehavior?: string;
  dataResidency?: string;
  tags?: TagInput[];
  /** Resolved where the source's streams are known; before that, what is declared. */
  streams?: StreamInputs[];
  /** Settings for all streams. */
  streamDefaults?: Partial<StreamInputs>;
  /** What was declared under `streams`, where it has patterns. */
  streamSelection?: StreamInputs[];
  /** What the source offered when the patterns were resolved last. */
  offeredStreams?: OfferedStream[];
  /** The secrets of the streams' mappers, for which placeholders stand there: see `mappers.ts`. */
  mapperSecrets?: MapperSecrets;
  sync?: FirstSync;
  onRunningSync?: OnRunningSync;
}

/** The settings of a connection as they are written, but for tags that are given by id alone. */
export type ConnectionSettings = Omit<ConnectionBody, "tags"> & { tags?: TagInput[] };

/**
 * What a setting goes back to when it is taken out of the declaration: a PATCH leaves alone what it does not mention,
 * so each is written. (Airbyte's defaults for connections made through the public API.) `streams` has no entry: see
 * `resetsOfRemoved`.
 */
export const CONNECTION_DEFAULTS = resetsOf(connection);

/**
 * Airbyte takes `dataResidency`, ignores it, and never shows it: it can neither drift nor be applied. The others say
 * how a connection is made, or how its streams were found.
 */
export const NEVER_COMPARED = ["dataResidency", "adopt", "sync", "streamDefaults", "offeredStreams"];
/** Changes of these are kept in the state and written nowhere. */
export const OF_THE_STATE = ["streamSelection", "onRunningSync"];

/** A schedule in a time zone of its own is not among them: see `zoned`. */
export function settings(inputs: ConnectionInputs): ConnectionSettings {
  const { streams, schedule, mapperSecrets } = inputs;
  const others = Object.keys(CONNECTION_DEFAULTS).filter((key) => key !== "schedule");
  const body = onlyKeys(inputs as ConnectionSettings, ["name", "dataResidency", ...others]);
  if (schedule && !zoned(inputs)) {
    const { scheduleType, cronExpression } = schedule;
    body.schedule = { scheduleType, ...(cronExpression === undefined ? {} : { cronExpression }) };
  }
  if (streams) body.configurations = { streams: revealed(streams, mapperSecrets).map(asSent) as JsonObject[] };
  return body;
}

/** The cron expression and time zone of a schedule that isn't in UTC. */
export function zoned({ schedule }: Pick<ConnectionInputs, "schedule">) {
  if (schedule?.cronExpression === undefined) return undefined;
  const { cronExpression, timeZone } = canonicalSchedule(schedule);
  return timeZone === undefined || cronExpression === undefined ? undefined : { cronExpression, timeZone };
}

export function comparable(inputs: ConnectionInputs): object {
  const { tags, schedule, mapperSecrets, ...rest } = inputs;
  const [streams, streamSelection] = revealed([inputs.streams, inputs.streamSelection], mapperSecrets);
  return {
    ...rest,
    streamSelection,
    streams: Array.isArray(streams) ? canonicalStreams(streams) : streams,
    tags: Array.isArray(tags) ? tags.map(tagId).sort() : tags,
    schedule: schedule && canonicalSchedule(schedule),
  };
}

// Airbyte answers `0 0 12 * * ?` with ` UTC` behind it, and takes it with or without; another zone stands there too.
function canonicalSchedule(schedule: ScheduleInputs): ScheduleInputs {
  if (typeof schedule.cronExpression !== "string") return schedule;
  const { cronExpression, timeZone } = splitZone(schedule.cronExpression);
  const zone = schedule.timeZone ?? timeZone;
  return { scheduleType: schedule.scheduleType, cronExpression, ...(zone === "UTC" ? {} : { timeZone: zone }) };
}

export function seen(declared: ConnectionInputs, connection: Connection): ConnectionInputs {
  const result: ConnectionInputs = { ...declared };
  const show = (key: keyof ConnectionInputs, actual: unknown) => {
    const before = comparable(declared) as Record<string, unknown>;
    const now = comparable({ ...declared, [key]: actual }) as Record<string, unknown>;
    if (same(before[key], now[key])) return;
    // Pulumi can't carry what is undefined.
    if (actual === undefined) Reflect.deleteProperty(result, key);
    else Object.assign(result, { [key]: actual });
  };
  const { schedule } = connection;
  for (const key of ["name", "sourceId", "destinationId", "workspaceId"] as const) show(key, connection[key]);
  for (const key of Object.keys(CONNECTION_DEFAULTS) as (keyof typeof CONNECTION_DEFAULTS)[]) {
    if (declared[key] === undefined || key === "tags") continue;
    const actual = key === "schedule" && schedule ? shownSchedule(schedule) : connection[key];
    show(key, withoutNulls(actual) ?? CONNECTION_DEFAULTS[key]);
  }
  if (declared.tags !== undefined) show("tags", tagsSeenThrough(declared.tags, connection.tags ?? []));
  if (declared.streams !== undefined) {
    const actual = streamsSeenThrough(
      declared.streams,
      connection.configurations?.streams ?? [],
      declared.mapperSecrets,
    );
    // With this policy Airbyte itself adds the streams that appear in the source.
    const added = declared.nonBreakingSchemaUpdatesBehavior === "propagate_fully";
    const names = new Set(declared.streams.map((stream) => stream.name));
    show("streams", added ? actual.filter((stream) => names.has(stream.name)) : actual);
  }
  return result;
}

// As it is declared: the zone apart.
function shownSchedule({ cronExpression, ...schedule }: NonNullable<Connection["schedule"]>) {
  if (typeof cronExpression !== "string") return schedule;
  return canonicalSchedule({ scheduleType: schedule.scheduleType, cronExpression });
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter((entry) => entry[1] !== null));
}

export function onlyKeys<T extends object>(object: T, keys: readonly string[]): T {
  const entries = Object.entries(object).filter(([key, value]) => keys.includes(key) && value !== undefined);
  return Object.fromEntries(entries) as T;
}
