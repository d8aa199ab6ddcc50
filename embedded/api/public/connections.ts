import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { createConnection, deprecateConnection, patchConnection } from "../../platform/connections.ts";
import { findConnection } from "../../platform/platform.ts";
import { shownMapper } from "../../platform/streams.ts";
import { shownTags } from "../../platform/workspaces.ts";
import type { Connection, StreamConfiguration } from "../../state.ts";
import { syncModes } from "../../sync-modes.ts";
import { body, flag, idList, idParam, object, page, uuid } from "../requests.ts";

const path = z.array(z.string());

const streamSchema = z.object({
  name: z.string(),
  namespace: z.string().nullish(),
  syncMode: z.enum(syncModes).nullish(),
  cursorField: path.nullish(),
  primaryKey: z.array(path).nullish(),
  selectedFields: z.array(z.object({ fieldPath: path })).nullish(),
  mappers: z
    .array(
      z.object({
        id: uuid.nullish(),
        type: z.enum(["hashing", "field-renaming", "row-filtering", "encryption", "field-filtering"]),
        mapperConfiguration: object,
      }),
    )
    .nullish(),
  includeFiles: z.boolean().nullish(),
  destinationObjectName: z.string().nullish(),
});

// dataResidency is taken, has no effect and is never shown. There is no PUT.
const patchSchema = z.object({
  name: z.string().nullish(),
  configurations: z.object({ streams: z.array(streamSchema).nullish() }).nullish(),
  schedule: z.object({ scheduleType: z.enum(["manual", "cron"]), cronExpression: z.string().nullish() }).nullish(),
  namespaceDefinition: z.enum(["source", "destination", "custom_format"]).nullish(),
  namespaceFormat: z.string().nullish(),
  prefix: z.string().nullish(),
  nonBreakingSchemaUpdatesBehavior: z
    .enum(["ignore", "disable_connection", "propagate_columns", "propagate_fully"])
    .nullish(),
  status: z.enum(["active", "inactive", "deprecated", "locked"]).nullish(),
  tags: z.array(z.object({ tagId: uuid, workspaceId: uuid, name: z.string(), color: z.string() })).nullish(),
});
const createSchema = patchSchema.extend({ sourceId: uuid, destinationId: uuid });

export function connections(instance: Instance): Hono {
  const { store } = instance;
  return new Hono()
    .get("/", (c) => {
      const workspaceIds = idList(c, "workspaceIds");
      const tagIds = idList(c, "tagIds");
      const deleted = flag(c, "includeDeleted");
      const all = store.connections
        .all()
        .filter(
          (connection) =>
            (workspaceIds?.includes(connection.workspaceId) ?? true) &&
            (tagIds?.some((tagId) => connection.tagIds.includes(tagId)) ?? true) &&
            (connection.status !== "deprecated" || deleted),
        );
      const { items, ...links } = page(c, instance.url, all);
      return c.json({ data: items.map((connection) => show(instance, connection)), ...links });
    })
    .post("/", async (c) => c.json(show(instance, await createConnection(instance, await body(c, createSchema)))))
    .get("/:connectionId", (c) => c.json(show(instance, findConnection(instance, idParam(c, "connectionId")))))
    .patch("/:connectionId", async (c) => {
      const given = await body(c, patchSchema);
      return c.json(show(instance, await patchConnection(instance, idParam(c, "connectionId"), given)));
    })
    .delete("/:connectionId", (c) => {
      deprecateConnection(instance, findConnection(instance, idParam(c, "connectionId")));
      return c.body(null, 204);
    });
}

function show(instance: Instance, connection: Connection) {
  const { schedule, namespaceFormat } = connection;
  return {
    connectionId: connection.id,
    name: connection.name,
    sourceId: connection.sourceId,
    destinationId: connection.destinationId,
    workspaceId: connection.workspaceId,
    status: connection.status,
    schedule: {
      scheduleType: schedule.scheduleType,
      // Airbyte stores the expression and its zone apart and shows them as one.
      ...(schedule.cronExpression === null
        ? {}
        : { cronExpression: `${schedule.cronExpression} ${schedule.cronTimeZone ?? "UTC"}` }),
      ...(schedule.basicSchedule ? { basicTiming: basicTiming(schedule.basicSchedule) } : {}),
    },
    configurations: { streams: connection.streams.map(showStream) },
    nonBreakingSchemaUpdatesBehavior: connection.nonBreakingSchemaUpdatesBehavior,
    namespaceDefinition: connection.namespaceDefinition,
    ...(namespaceFormat === null ? {} : { namespaceFormat }),
    prefix: connection.prefix,
    createdAt: Math.floor(connection.createdAt / 1000),
    tags: shownTags(instance, connection),
  };
}

function basicTiming({ units, timeUnit }: NonNullable<Connection["schedule"]["basicSchedule"]>): string {
  return `Every ${units} ${timeUnit.toUpperCase()}`;
}

function showStream({ namespace, includeFiles, destinationObjectName, mappers, ...stream }: StreamConfiguration) {
  return {
    ...stream,
    mappers: mappers.map(shownMapper),
    ...(namespace === null ? {} : { namespace }),
    ...(includeFiles === null ? {} : { includeFiles }),
    ...(destinationObjectName === null ? {} : { destinationObjectName }),
  };
}
