import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { findConnection } from "../../platform/platform.ts";
import { unprocessable } from "../../problems.ts";
import type { Job } from "../../state.ts";
import { ended } from "../../syncs/jobs.ts";
import { body, check, idList, jobsOf, jobTimes, page, uuid } from "../requests.ts";

const createSchema = z.object({ connectionId: uuid, jobType: z.string() });
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
        return c.json({ data: items.map(show), ...links });
      })
      .post("/", async (c) => {
        const { connectionId, jobType } = await body(c, createSchema);
        const connection = findConnection(instance, connectionId);
        if (jobType === "refresh") throw unprocessable("Refresh is not supported in the public API");
        return c.json(show(instance.jobs.start(connection, check(typeSchema, jobType))));
      })
      .get("/:jobId", (c) => c.json(show(instance.jobs.find(check(idSchema, c.req.param("jobId"))))))
      // Cancels, and answers 200 with the job.
      .delete("/:jobId", (c) => c.json(show(instance.jobs.cancel(check(idSchema, c.req.param("jobId"))))))
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
function show(job: Job) {
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
