import { z } from "zod";
import type { Instance } from "../../instance.ts";
import type { Job, JobType } from "../../state.ts";
import { ended } from "../../platform/jobs.ts";
import { id, post, type Route } from "./route.ts";

const one = z.object({ id: z.int() });
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .nullish();
const listing = z.object({
  configTypes: z.array(z.string()),
  /** A connection's id. */
  configId: id.nullish(),
  statuses: z.array(z.string()).nullish(),
  createdAtStart: time,
  createdAtEnd: time,
  updatedAtStart: time,
  updatedAtEnd: time,
  orderByField: z.enum(["CREATED_AT", "UPDATED_AT"]).nullish(),
  orderByMethod: z.enum(["ASC", "DESC"]).nullish(),
  pagination: z.object({ pageSize: z.int().min(1).nullish(), rowOffset: z.int().min(0).nullish() }).nullish(),
});

const configTypes: Record<JobType, string> = { sync: "sync", reset: "reset_connection", clear: "clear" };

/** `jobs/…`. Every job has one attempt, from when it starts to run. */
export function jobs(instance: Instance): Route[] {
  return [
    post("/jobs/get", one, (given) => showJob(instance, instance.jobs.find(given.id))),
    post("/jobs/cancel", one, (given) => showJob(instance, instance.jobs.cancel(given.id))),
    post("/jobs/list", listing, (given) => {
      const all = instance.store.jobs.all().filter((job) => fits(job, given));
      const field = given.orderByField === "UPDATED_AT" ? "updatedAt" : "createdAt";
      const sign = given.orderByMethod === "ASC" ? 1 : -1;
      all.sort((a, b) => sign * (a[field] - b[field] || a.id - b.id));
      const from = given.pagination?.rowOffset ?? 0;
      const page = all.slice(from, from + (given.pagination?.pageSize ?? 200));
      return {
        jobs: page.map((job) => {
          const { job: shown, attempts } = showJob(instance, job);
          return { job: shown, attempts: attempts.map(({ attempt }) => attempt) };
        }),
        totalJobCount: all.length,
      };
    }),
  ];
}

function fits(job: Job, given: z.output<typeof listing>): boolean {
  return (
    given.configTypes.includes(configTypes[job.jobType]) &&
    (given.configId ?? job.connectionId) === job.connectionId &&
    (!given.statuses?.length || given.statuses.includes(job.status)) &&
    job.createdAt >= (given.createdAtStart ?? 0) &&
    job.createdAt <= (given.createdAtEnd ?? Infinity) &&
    job.updatedAt >= (given.updatedAtStart ?? 0) &&
    job.updatedAt <= (given.updatedAtEnd ?? Infinity)
  );
}

/** A job with its attempts and their logs. Times in seconds. */
export function showJob({ store }: Pick<Instance, "store">, job: Job) {
  const { rows, bytes } = job;
  const createdAt = Math.floor(job.createdAt / 1000);
  const updatedAt = Math.floor(job.updatedAt / 1000);
  const totals = { recordsEmitted: rows, bytesEmitted: bytes, recordsCommitted: rows, bytesCommitted: bytes };
  const streams = store.connections.get(job.connectionId)?.streams ?? [];
  const attempt = {
    id: 0,
    // An attempt can't be cancelled: the cancelled job's has failed.
    status: job.status === "cancelled" ? "failed" : job.status,
    createdAt,
    updatedAt,
    ...(ended(job) ? { endedAt: updatedAt } : {}),
    bytesSynced: bytes,
    recordsSynced: rows,
    totalStats: totals,
  };
  return {
    job: {
      id: job.id,
      configType: configTypes[job.jobType],
      configId: job.connectionId,
      enabledStreams: streams.map(({ name, namespace }) => ({ name, ...(namespace === null ? {} : { namespace }) })),
      createdAt,
      updatedAt,
      status: job.status,
      aggregatedStats: { ...totals, recordsRejected: 0 },
    },
    attempts: job.status === "pending" ? [] : [{ attempt, logType: "formatted", logs: { logLines: logLines(job) } }],
  };
}

function logLines(job: Job): string[] {
  const line = (at: number, text: string) => `${new Date(at).toISOString()} ${text}`;
  return [
    line(job.createdAt, `Job ${job.id} (${job.jobType}) of connection ${job.connectionId}: played, nothing is moved`),
    ...(job.jobType === "sync" ? [line(job.updatedAt, `${job.rows} records, ${job.bytes} bytes`)] : []),
    ...(job.failure === null ? [] : [line(job.updatedAt, `ERROR ${job.failure}`)]),
    ...(ended(job) ? [line(job.updatedAt, `Job ${job.id} ${job.status}`)] : []),
  ];
}
