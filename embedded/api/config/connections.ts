import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Connection, JobType } from "../../state.ts";
import { deprecateConnection, findConnection } from "../../platform/connections.ts";
import { connectionCreation, connectionUpdate, create, update } from "./connection-requests.ts";
import { showJob } from "./jobs.ts";
import { id, inWorkspace, post, type Route } from "./route.ts";
import { syncCatalogOf } from "./shown-catalog.ts";
import { showTag } from "./tags.ts";

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
export function showSettings({ store }: Pick<Instance, "store">, connection: Connection) {
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
    tags: connection.tagIds.flatMap((tagId) => {
      const tag = store.tags.get(tagId);
      return tag ? [showTag(tag)] : [];
    }),
  };
}
