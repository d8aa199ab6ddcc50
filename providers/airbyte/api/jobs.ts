import { z } from "zod";
import type { Client } from "./client.ts";
import { ask } from "./rpc.ts";
import type { Job } from "./types.ts";

/** Runs of connections, in either dialect. */
export interface JobsApi {
  /** Starts a sync; Airbyte refuses (409) where one is under way or the connection is paused. */
  startSync(connectionId: string, name: string): Promise<Job>;
  get(id: number): Promise<Job>;
  /** The connection's last jobs of every kind, newest first. */
  latest(connectionId: string): Promise<Job[]>;
  cancel(id: number): Promise<void>;
  /** Why a job failed, in the connector's words; undefined where this Airbyte doesn't tell: the public API never does. */
  failure(id: number): Promise<string | undefined>;
}

const ENDED = ["succeeded", "failed", "cancelled"];

export function hasEnded({ status }: Job): boolean {
  return ENDED.includes(status);
}

/** How many `latest` gives at most. */
export const LATEST = 20;

const PublicJob = z
  .looseObject({
    jobId: z.number(),
    jobType: z.string(),
    status: z.string(),
    rowsSynced: z.number().nullish(),
    bytesSynced: z.number().nullish(),
  })
  .transform(({ jobId, jobType, status, rowsSynced, bytesSynced }): Job => {
    return { id: jobId, type: jobType, status, rows: rowsSynced ?? 0, bytes: bytesSynced ?? 0 };
  });

export class PublicJobs implements JobsApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  startSync(connectionId: string, name: string): Promise<Job> {
    const doing = `sync connection ${JSON.stringify(name)}`;
    const body = { connectionId, jobType: "sync" };
    return this.#client.call({ method: "POST", path: "/jobs", body, schema: PublicJob, doing });
  }

  get(id: number): Promise<Job> {
    return this.#client.call({ method: "GET", path: `/jobs/${id}`, schema: PublicJob, doing: `read job ${id}` });
  }

  async latest(connectionId: string): Promise<Job[]> {
    const query = { connectionId, limit: LATEST, orderBy: "createdAt|DESC" };
    const schema = z.looseObject({ data: z.array(PublicJob) });
    return (await this.#client.call({ method: "GET", path: "/jobs", query, schema, doing: "list jobs" })).data;
  }

  async cancel(id: number): Promise<void> {
    await this.#client.call({ method: "DELETE", path: `/jobs/${id}`, doing: `cancel job ${id}` });
  }

  async failure(id: number): Promise<string | undefined> {
    return this.#client.hasConfigApi ? failureOf(this.#client, id) : undefined;
  }
}

const Stats = z.looseObject({ recordsEmitted: z.number().nullish(), bytesEmitted: z.number().nullish() });
const Attempt = z.looseObject({
  recordsSynced: z.number().nullish(),
  bytesSynced: z.number().nullish(),
  totalStats: Stats.nullish(),
  failureSummary: z
    .looseObject({ failures: z.array(z.looseObject({ externalMessage: z.string().nullish() })).nullish() })
    .nullish(),
});
const ConfigJob = z.looseObject({
  id: z.number(),
  configType: z.string(),
  status: z.string(),
  aggregatedStats: Stats.nullish(),
});
const JobInfo = z.looseObject({
  job: ConfigJob,
  attempts: z
    .array(z.looseObject({ attempt: Attempt, logs: z.looseObject({ logLines: z.array(z.string()) }).nullish() }))
    .nullish(),
});
const JobsPage = z.looseObject({
  jobs: z.array(z.looseObject({ job: ConfigJob, attempts: z.array(Attempt).nullish() })),
});

export class ConfigJobs implements JobsApi {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async startSync(connectionId: string, name: string): Promise<Job> {
    const doing = `sync connection ${JSON.stringify(name)}`;
    return fromInfo(await ask(this.#client, "/connections/sync", { connectionId }, { schema: JobInfo, doing }));
  }

  async get(id: number): Promise<Job> {
    return fromInfo(await readJob(this.#client, id));
  }

  async latest(connectionId: string): Promise<Job[]> {
    const configTypes = ["sync", "reset_connection", "refresh", "clear"];
    const body = { configTypes, configId: connectionId, pagination: { pageSize: LATEST } };
    const { jobs } = await ask(this.#client, "/jobs/list", body, { schema: JobsPage, doing: "list jobs" }, true);
    return jobs.map(({ job, attempts }) => fromParts(job, attempts?.at(-1)));
  }

  async cancel(id: number): Promise<void> {
    await ask(this.#client, "/jobs/cancel", { id }, { doing: `cancel job ${id}` }, true);
  }

  failure(id: number): Promise<string | undefined> {
    return failureOf(this.#client, id);
  }
}

function fromInfo({ job, attempts }: z.infer<typeof JobInfo>): Job {
  return fromParts(job, attempts?.at(-1)?.attempt);
}

function fromParts(job: z.infer<typeof ConfigJob>, last?: z.infer<typeof Attempt>): Job {
  const { id, configType, status, aggregatedStats } = job;
  const stats = aggregatedStats ?? last?.totalStats;
  const rows = stats?.recordsEmitted ?? last?.recordsSynced ?? 0;
  return { id, type: configType, status, rows, bytes: stats?.bytesEmitted ?? last?.bytesSynced ?? 0 };
}

// The last attempt's own summary; old servers have only the log.
async function failureOf(client: Client, id: number): Promise<string | undefined> {
  const { attempts } = await readJob(client, id);
  const last = attempts?.at(-1);
  const told = last?.attempt.failureSummary?.failures?.flatMap(({ externalMessage }) => externalMessage ?? []) ?? [];
  if (told.length > 0) return [...new Set(told)].join("; ");
  const line = last?.logs?.logLines.findLast((text) => /\bERROR\b/.test(text));
  return line?.replace(/^.*?\bERROR\b\s*/, "");
}

function readJob(client: Client, id: number) {
  return ask(client, "/jobs/get", { id }, { schema: JobInfo, doing: `read job ${id}` }, true);
}
