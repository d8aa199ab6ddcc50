import { z } from "zod";
import {
  createConnection,
  deprecateConnection,
  patchConnection,
  putStateSafely,
  stateOf,
  type ConnectionSettings,
} from "../../platform/connections.ts";
import { connectorOf, findActor, findConnection } from "../../platform/platform.ts";
import type { RequestedSchedule } from "../../platform/schedules.ts";
import { shownTags } from "../../platform/workspaces.ts";
import { unexpected, unprocessable } from "../../problems.ts";
import type { Connection, ConnectionState, ConnectorKind, JobType } from "../../state.ts";
import { lastSync } from "../../syncs/jobs.ts";
import { object, type Instance } from "../requests.ts";
import { connectorName, showActor } from "./actors.ts";
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

const connectionCreation = settings.extend({
  sourceId: id,
  destinationId: id,
  status: settings.shape.status.unwrap().unwrap(),
});
const connectionUpdate = settings.extend({ connectionId: id });

/**
 * Without a catalog, the connection gets the streams that the public API would give it. (Airbyte's config API would
 * leave it without any, and a sync would move nothing.)
 */
function create(instance: Instance, given: z.output<typeof connectionCreation>): Promise<Connection> {
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
function update(instance: Instance, given: z.output<typeof connectionUpdate>): Promise<Connection> {
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

const oneConnection = z.object({ connectionId: id });

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
function showSettings(instance: Pick<Instance, "store">, connection: Connection) {
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

const reading = oneConnection.extend({ withRefreshedCatalog: z.boolean().nullish() });
const listing = z.object({
  workspaceId: id,
  cursor: id.nullish(),
  pageSize: z.int().min(1).max(1000).nullish(),
  sourceId: z.array(id).nullish(),
  destinationId: z.array(id).nullish(),
});

const web = (call: string) => `/web_backend/connections/${call}`;

/**
 * `web_backend/connections/…`, made for Airbyte's web pages and used by others as well: a connection with both its ends
 * and with the streams that are not selected. `operations` and `skipReset` of an update have no effect.
 */
export function webBackend(instance: Instance): Route[] {
  const { store } = instance;
  return [
    post(web("create"), connectionCreation, async (given) => show(instance, await create(instance, given))),
    post(web("update"), connectionUpdate, async (given) => show(instance, await update(instance, given))),
    post(web("get"), reading, ({ connectionId, withRefreshedCatalog }) => {
      return show(instance, findConnection(instance, connectionId), withRefreshedCatalog === true);
    }),
    post(web("list"), listing, ({ workspaceId, cursor, pageSize, sourceId, destinationId }) => {
      const all = store.connections
        .all()
        .filter((connection) => connection.workspaceId === workspaceId && connection.status !== "deprecated")
        .filter((connection) => !sourceId?.length || sourceId.includes(connection.sourceId))
        .filter((connection) => !destinationId?.length || destinationId.includes(connection.destinationId));
      const start = all.findIndex((connection) => connection.id === cursor) + 1;
      const size = pageSize ?? 20;
      return {
        connections: all.slice(start, start + size).map((connection) => showItem(instance, connection)),
        page_size: size,
        num_connections: all.length,
      };
    }),
  ];
}

async function show(instance: Instance, connection: Connection, fresh = false) {
  // Spelled otherwise than in connections/get.
  const { created_at: createdAt, ...settings } = showSettings(instance, connection);
  return {
    ...settings,
    createdAt,
    syncCatalog: await syncCatalogOf(instance, connection, { all: true, fresh }),
    source: await showActor(instance, findActor(instance, "source", connection.sourceId)),
    destination: await showActor(instance, findActor(instance, "destination", connection.destinationId)),
    operations: [],
    ...activity(instance, connection),
  };
}

function showItem(instance: Instance, connection: Connection) {
  const { connectionId, name, scheduleType, scheduleData, status, tags } = showSettings(instance, connection);
  return {
    ...{ connectionId, name, scheduleType, scheduleData, status, tags },
    source: snippet(instance, "source", connection.sourceId),
    destination: snippet(instance, "destination", connection.destinationId),
    onDemandEnabled: false,
    ...activity(instance, connection),
  };
}

function snippet(instance: Instance, kind: ConnectorKind, actorId: string) {
  const actor = findActor(instance, kind, actorId);
  return {
    [`${kind}Id`]: actor.id,
    name: actor.name,
    [`${kind}DefinitionId`]: actor.definitionId,
    [`${kind}Name`]: connectorName(instance, actor),
  };
}

function activity(instance: Instance, { id: connectionId, sourceId, destinationId }: Connection) {
  const latest = lastSync(instance.store, connectionId);
  return {
    isSyncing: instance.jobs.isRunning(connectionId),
    ...(latest
      ? { latestSyncJobCreatedAt: Math.floor(latest.createdAt / 1000), latestSyncJobStatus: latest.status }
      : {}),
    schemaChange: "no_change",
    sourceActorDefinitionVersion: version(instance, "source", sourceId),
    destinationActorDefinitionVersion: version(instance, "destination", destinationId),
  };
}

function version(instance: Instance, kind: ConnectorKind, actorId: string) {
  const connector = connectorOf(instance, kind, findActor(instance, kind, actorId).definitionId);
  return {
    dockerRepository: connector.dockerRepository,
    dockerImageTag: connector.version,
    supportsRefreshes: false,
    supportState: "supported",
    isVersionOverrideApplied: false,
    supportsFileTransfer: false,
    supportsDataActivation: false,
  };
}
