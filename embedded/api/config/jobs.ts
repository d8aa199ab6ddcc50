import { z } from "zod";
import type { Attempt, AttemptFailure, Job, JobType } from "../../state.ts";
import { committedBytes, totals } from "../../syncs/sync.ts";
import { jobsOf, jobTimes, type Instance } from "../requests.ts";
import { id, post, type Route } from "./route.ts";

const one = z.object({ id: z.int() });
const listing = jobTimes.extend({
  configTypes: z.array(z.string()),
  /** A connection's id. */
  configId: id.nullish(),
  statuses: z.array(z.string()).nullish(),
  orderByField: z.enum(["CREATED_AT", "UPDATED_AT"]).nullish(),
  orderByMethod: z.enum(["ASC", "DESC"]).nullish(),
  pagination: z.object({ pageSize: z.int().min(1).nullish(), rowOffset: z.int().min(0).nullish() }).nullish(),
});

const configTypes: Record<JobType, string> = { sync: "sync", reset: "reset_connection", clear: "clear" };

/** `jobs/…`. A job has its first attempt from when it starts to run. */
export function jobs(instance: Instance): Route[] {
  return [
    post("/jobs/get", one, (given) => showJob(instance, instance.jobs.find(given.id))),
    post("/jobs/cancel", one, (given) => showJob(instance, instance.jobs.cancel(given.id))),
    post("/jobs/list", listing, (given) => {
      const field = given.orderByField === "UPDATED_AT" ? "updatedAt" : "createdAt";
      const found = instance.store.jobs.all().filter((job) => fits(job, given));
      const all = jobsOf(found, given, field, given.orderByMethod !== "ASC");
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
    (!given.statuses?.length || given.statuses.includes(job.status))
  );
}

/** A job with its attempts and their logs. Times in seconds. */
export function showJob({ store, jobs: { logs } }: Pick<Instance, "store" | "jobs">, job: Job) {
  const attempts = job.attempts ?? [];
  const streams = store.connections.get(job.connectionId)?.streams ?? [];
  const last = attempts.at(-1)?.streams ?? [];
  return {
    job: {
      id: job.id,
      configType: configTypes[job.jobType],
      configId: job.connectionId,
      enabledStreams: streams.map(descriptor),
      createdAt: seconds(job.createdAt),
      updatedAt: seconds(job.updatedAt),
      status: job.status,
      aggregatedStats: { ...stats({ rows: job.rows, bytes: job.bytes, committed: job.rows }), recordsRejected: 0 },
      streamAggregatedStats: last.map(({ name, namespace, rows, bytes, committed }) => ({
        ...streamNames({ name, namespace }),
        ...stats({ rows, bytes, committed }),
        recordsRejected: 0,
      })),
    },
    attempts: attempts.map((attempt) => ({
      attempt: showAttempt(attempt, job),
      logType: "formatted",
      // One log for all attempts: it says where each begins.
      logs: { logLines: logs.of(job.id).lines() },
    })),
  };
}

function showAttempt({ id, status, createdAt, endedAt, streams, failure }: Attempt, job: Job) {
  const { rows, bytes, committed } = totals(streams);
  return {
    id,
    status,
    createdAt: seconds(createdAt),
    updatedAt: seconds(endedAt ?? job.updatedAt),
    ...(endedAt === null ? {} : { endedAt: seconds(endedAt) }),
    bytesSynced: bytes,
    recordsSynced: rows,
    totalStats: stats({ rows, bytes, committed }),
    streamStats: streams.map((stream) => ({ ...streamNames(stream), stats: stats(stream) })),
    ...(failure === null
      ? {}
      : { failureSummary: { failures: [showFailure(failure, endedAt)], partialSuccess: committed > 0 } }),
  };
}

function showFailure({ origin, type, message, internalMessage }: AttemptFailure, at: number | null) {
  return {
    failureOrigin: origin,
    failureType: type,
    externalMessage: message,
    ...(internalMessage === undefined ? {} : { internalMessage }),
    retryable: type !== "config_error",
    timestamp: at ?? 0,
  };
}

function stats(counts: { rows: number; bytes: number; committed: number }) {
  const { rows, bytes, committed } = counts;
  const bytesCommitted = committedBytes(counts);
  return { recordsEmitted: rows, bytesEmitted: bytes, recordsCommitted: committed, bytesCommitted };
}

interface Named {
  name: string;
  namespace: string | null;
}

function descriptor({ name, namespace }: Named) {
  return { name, ...(namespace === null ? {} : { namespace }) };
}

function streamNames({ name, namespace }: Named) {
  return { streamName: name, ...(namespace === null ? {} : { streamNamespace: namespace }) };
}

const seconds = (at: number) => Math.floor(at / 1000);
