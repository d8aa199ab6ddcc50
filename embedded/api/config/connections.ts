import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { putStateSafely, stateOf } from "../../platform/connection-states.ts";
import {
  createConnection,
  deprecateConnection,
  patchConnection,
  type ConnectionSettings,
} from "../../platform/connections.ts";
import { findConnection } from "../../platform/platform.ts";
import type { RequestedSchedule } from "../../platform/schedules.ts";
import { shownTags } from "../../platform/workspaces.ts";
import { unexpected, unprocessable } from "../../problems.ts";
import type { Connection, ConnectionState, JobType } from "../../state.ts";
import { object } from "../requests.ts";
import { showJob } from "./jobs.ts";
import { id, inWorkspace, post, type Route } from "./route.ts";
import { configuredStreams, syncCatalogOf, syncCatalogSchema } from "./sync-catalog.ts";

const basicSchedule = z.object({
  timeUnit: z.enum(["minutes", "hours", "days", "weeks", "months"]),
  units: z.int().min(1),
});
// What else a connection has here (operations, notifications, resources, backfill) is taken and has no effect.
const settings = z.object({
  name: z.string().nullish(),
  status: z.enum(["active", "inactive", "deprecated", "locked"]).nullish(),
  namespaceDefinition: z.enum(["source", "destination", "customformat"]).nullish(),
  namespaceFormat: z.string().nullish(),
  prefix: z.string().nullish(),
  syncCatalog: syncCatalogSchema.nullish(),
  /** The older form of a basic schedule. */
  schedule: basicSchedule.nullish(),
  scheduleType: z.enum(["manual", "basic", "cron"]).nullish(),
  scheduleData: z
    .object({
      basicSchedule: basicSchedule.nullish(),
      cron: z.object({ cronExpression: z.string().nullish(), cronTimeZone: z.string().nullish() }).nullish(),
    })
    .nullish(),
  nonBreakingChangesPreference: z.enum(["ignore", "disable", "propagate_columns", "propagate_fully"]).nullish(),
  tags: z.array(z.object({ tagId: id, workspaceId: id, name: z.string(), color: z.string() })).nullish(),
});

export const connectionCreation = settings.extend({
  sourceId: id,
  destinationId: id,
  status: settings.shape.status.unwrap().unwrap(),
});
export const connectionUpdate = settings.extend({ connectionId: id });

/**
 * Without a catalog, the connection gets the streams that the public API would give it. (Airbyte's config API would
 * leave it without any, and a sync would move nothing.)
 */
export function create(instance: Instance, given: z.output<typeof connectionCreation>): Promise<Connection> {
  const { schedule, scheduleType } = given;
  if (schedule && scheduleType) throw unprocessable("supply old or new schedule schema but not both");
  const requested: RequestedSchedule | undefined = schedule
    ? { scheduleType: "basic", basicSchedule: schedule }
    : scheduleOf(given);
  return createConnection(instance, {
    ...inPlatformWords(given),
    sourceId: given.sourceId,
    destinationId: given.destinationId,
    schedule: requested,
    namespaceDefinition: inPlatformWords(given).namespaceDefinition ?? "source",
    streams: given.syncCatalog ? configuredStreams(given.syncCatalog) : undefined,
  });
}

/** What is left out stays as it is; a catalog replaces the streams as a whole. */
export function update(instance: Instance, given: z.output<typeof connectionUpdate>): Promise<Connection> {
  // Airbyte fails on it inside: an id and no reason.
  if (given.schedule) throw unexpected("The legacy schedule cannot be updated: use scheduleType and scheduleData");
  const { streams } = findConnection(instance, given.connectionId);
  return patchConnection(instance, given.connectionId, {
    ...inPlatformWords(given),
    schedule: scheduleOf(given),
    streams: given.syncCatalog ? configuredStreams(given.syncCatalog, streams) : undefined,
  });
}

function inPlatformWords(given: z.output<typeof settings>): ConnectionSettings {
  const { namespaceDefinition, nonBreakingChangesPreference, name, status, namespaceFormat, prefix, tags } = given;
  return {
    ...{ name, status, namespaceFormat, prefix, tags },
    namespaceDefinition: namespaceDefinition === "customformat" ? "custom_format" : namespaceDefinition,
    nonBreakingSchemaUpdatesBehavior:
      nonBreakingChangesPreference === "disable" ? "disable_connection" : nonBreakingChangesPreference,
  };
}

function scheduleOf({ scheduleType, scheduleData }: z.output<typeof settings>): RequestedSchedule | undefined {
  if (!scheduleType) return undefined;
  if (scheduleType === "manual" && scheduleData) throw unexpected("schedule data must not be given with type manual");
  const cron = scheduleData?.cron;
  return {
    scheduleType,
    basicSchedule: scheduleData?.basicSchedule,
    cronExpression: cron?.cronExpression,
    cronTimeZone: cron?.cronTimeZone,
  };
}

export const oneConnection = z.object({ connectionId: id });

/** `connections/…`. */
export function connections(instance: Instance): Route[] {
  const show = (connection: Connection) => showConnection(instance, connection);
  const list = async (workspaceId: string, deleted: boolean) => {
    const all = instance.store.connections
      .all()
      .filter(
        (connection) => connection.workspaceId === workspaceId && (connection.status !== "deprecated" || deleted),
      );
    return { connections: await Promise.all(all.map(show)) };
  };
  const start = (jobType: JobType) =>
    post(`/connections/${jobType}`, oneConnection, ({ connectionId }) => {
      return showJob(instance, instance.jobs.start(findConnection(instance, connectionId), jobType));
    });
  return [
    post("/connections/create", connectionCreation, async (given) => show(await create(instance, given))),
    post("/connections/update", connectionUpdate, async (given) => show(await update(instance, given))),
    post("/connections/get", oneConnection, ({ connectionId }) => show(findConnection(instance, connectionId))),
    post("/connections/delete", oneConnection, ({ connectionId }) => {
      deprecateConnection(instance, findConnection(instance, connectionId));
    }),
    post("/connections/list", inWorkspace, ({ workspaceId }) => list(workspaceId, false)),
    post("/connections/list_all", inWorkspace, ({ workspaceId }) => list(workspaceId, true)),
    start("sync"),
    start("reset"),
    start("clear"),
  ];
}

async function showConnection(instance: Instance, connection: Connection) {
  return { ...showSettings(instance, connection), syncCatalog: await syncCatalogOf(instance, connection) };
}

/** All but the catalog. */
export function showSettings(instance: Pick<Instance, "store">, connection: Connection) {
  const { schedule, namespaceFormat, namespaceDefinition, nonBreakingSchemaUpdatesBehavior: behavior } = connection;
  const { basicSchedule, cronExpression, cronTimeZone = "UTC" } = schedule;
  return {
    connectionId: connection.id,
    name: connection.name,
    namespaceDefinition: namespaceDefinition === "custom_format" ? "customformat" : namespaceDefinition,
    ...(namespaceFormat === null ? {} : { namespaceFormat }),
    prefix: connection.prefix,
    sourceId: connection.sourceId,
    destinationId: connection.destinationId,
    workspaceId: connection.workspaceId,
    operationIds: [],
    scheduleType: schedule.scheduleType,
    ...(basicSchedule ? { schedule: basicSchedule, scheduleData: { basicSchedule } } : {}),
    ...(cronExpression === null ? {} : { scheduleData: { cron: { cronExpression, cronTimeZone } } }),
    status: connection.status,
    breakingChange: false,
    notifySchemaChanges: false,
    notifySchemaChangesByEmail: false,
    nonBreakingChangesPreference: behavior === "disable_connection" ? "disable" : behavior,
    backfillPreference: "disabled",
    onDemandEnabled: false,
    created_at: Math.floor(connection.createdAt / 1000),
    tags: shownTags(instance, connection),
  };
}

const stateCreation = z.object({
  connectionId: id,
  connectionState: z.object({
    stateType: z.enum(["global", "stream", "legacy", "not_set"]),
    state: object.nullish(),
    streamState: z.array(object).nullish(),
    globalState: object.nullish(),
  }),
});

/** `state/…`: what a client put there. */
export function state(instance: Instance): Route[] {
  return [
    post("/state/get", z.object({ connectionId: id }), ({ connectionId }) =>
      showState(stateOf(instance, connectionId)),
    ),
    post("/state/create_or_update_safe", stateCreation, ({ connectionId, connectionState }) => {
      const { stateType, state = null, streamState = null, globalState = null } = connectionState;
      return showState(putStateSafely(instance, { id: connectionId, stateType, state, streamState, globalState }));
    }),
  ];
}

function showState({ id: connectionId, stateType, state, streamState, globalState }: ConnectionState) {
  return {
    connectionId,
    stateType,
    ...(state ? { state } : {}),
    ...(streamState ? { streamState } : {}),
    ...(globalState ? { globalState } : {}),
  };
}
