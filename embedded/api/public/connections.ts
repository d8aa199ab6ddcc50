import { Hono } from "hono";
import { z } from "zod";
import { createConnection, deprecateConnection, patchConnection } from "../../platform/connections.ts";
import { findConnection } from "../../platform/platform.ts";
import { shownMapper } from "../../platform/streams.ts";
import { shownTags } from "../../platform/workspaces.ts";
import { unprocessable } from "../../problems.ts";
import { syncModes, type Connection, type Job, type StreamConfiguration } from "../../state.ts";
import { ended } from "../../syncs/jobs.ts";
import {
  body,
  check,
  flag,
  idList,
  idParam,
  jobsOf,
  jobTimes,
  object,
  page,
  uuid,
  type Instance,
} from "../requests.ts";

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

const creation = z.object({ connectionId: uuid, jobType: z.string() });
const typeSchema = z.enum(["sync", "reset", "clear"]);
const idSchema = z.coerce.number().int();
const filterSchema = jobTimes.extend({
  connectionId: uuid.optional(),
  jobType: z.string().optional(),
  status: z.string().optional(),
  orderBy: z
    .string()
    .regex(/^(createdAt|updatedAt)\|(ASC|DESC)$/)
    .default("createdAt|DESC"),
});

export function jobs(instance: Instance): Hono {
  return (
    new Hono()
      .get("/", (c) => {
        const workspaceIds = idList(c, "workspaceIds");
        const filter = check(filterSchema, c.req.query());
        const all = instance.store.jobs
          .all()
          .filter((job) => matches(job, filter) && (workspaceIds?.includes(job.workspaceId) ?? true));
        const [field, direction] = filter.orderBy.split("|") as ["createdAt" | "updatedAt", "ASC" | "DESC"];
        const { items, ...links } = page(c, instance.url, jobsOf(all, filter, field, direction === "DESC"));
        return c.json({ data: items.map(showJob), ...links });
      })
      .post("/", async (c) => {
        const { connectionId, jobType } = await body(c, creation);
        const connection = findConnection(instance, connectionId);
        if (jobType === "refresh") throw unprocessable("Refresh is not supported in the public API");
        return c.json(showJob(instance.jobs.start(connection, check(typeSchema, jobType))));
      })
      .get("/:jobId", (c) => c.json(showJob(instance.jobs.find(check(idSchema, c.req.param("jobId"))))))
      // Cancels, and answers 200 with the job.
      .delete("/:jobId", (c) => c.json(showJob(instance.jobs.cancel(check(idSchema, c.req.param("jobId"))))))
  );
}

function matches(job: Job, filter: z.infer<typeof filterSchema>): boolean {
  return (
    (filter.connectionId ?? job.connectionId) === job.connectionId &&
    (filter.jobType ?? job.jobType) === job.jobType &&
    (filter.status ?? job.status) === job.status
  );
}

/** What is not known yet is left out, never null: null breaks some clients. */
function showJob(job: Job) {
  return {
    jobId: job.id,
    status: job.status,
    jobType: job.jobType,
    startTime: iso(job.createdAt),
    connectionId: job.connectionId,
    ...(ended(job) ? { lastUpdatedAt: iso(job.updatedAt), duration: duration(job.updatedAt - job.createdAt) } : {}),
    ...(job.status === "pending" ? {} : { bytesSynced: job.bytes, rowsSynced: job.rows }),
  };
}

const iso = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

/** ISO 8601, in whole seconds: PT1H2M3S. */
function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "H"],
    [Math.floor(seconds / 60) % 60, "M"],
    [seconds % 60, "S"],
  ] as const;
  const text = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : "")).join("");
  return `PT${text || "0S"}`;
}
