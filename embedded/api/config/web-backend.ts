import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { connectorOf, findActor, findConnection } from "../../platform/platform.ts";
import type { Connection } from "../../state.ts";
import { lastSync } from "../../syncs/jobs.ts";
import { connectorName, showActor } from "./actors.ts";
import { connectionCreation, connectionUpdate, create, oneConnection, showSettings, update } from "./connections.ts";
import { id, post, type Route } from "./route.ts";
import { syncCatalogOf } from "./sync-catalog.ts";

const at = (call: string) => `/web_backend/connections/${call}`;
const reading = oneConnection.extend({ withRefreshedCatalog: z.boolean().nullish() });
const listing = z.object({
  workspaceId: id,
  cursor: id.nullish(),
  pageSize: z.int().min(1).max(1000).nullish(),
  sourceId: z.array(id).nullish(),
  destinationId: z.array(id).nullish(),
});

/**
 * `web_backend/connections/…`, made for Airbyte's web pages and used by others as well: a connection with both its ends
 * and with the streams that are not selected. `operations` and `skipReset` of an update have no effect.
 */
export function webBackend(instance: Instance): Route[] {
  const { store } = instance;
  return [
    post(at("create"), connectionCreation, async (given) => show(instance, await create(instance, given))),
    post(at("update"), connectionUpdate, async (given) => show(instance, await update(instance, given))),
    post(at("get"), reading, ({ connectionId, withRefreshedCatalog }) => {
      return show(instance, findConnection(instance, connectionId), withRefreshedCatalog === true);
    }),
    post(at("list"), listing, ({ workspaceId, cursor, pageSize, sourceId, destinationId }) => {
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

function snippet(instance: Instance, kind: "source" | "destination", actorId: string) {
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

function version(instance: Instance, kind: "source" | "destination", actorId: string) {
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
