import type { Platform } from "../platform/platform.ts";
import { nextRun } from "../platform/schedules.ts";
import { notFound, stateConflict, tryAgainLater } from "../problems.ts";
import type { Connection, Job, JobStatus, JobType, Schedule } from "../state.ts";
import type { Store } from "../store.ts";
import { JobLogs } from "./job-log.ts";
import { JobRun } from "./job-run.ts";

const unfinished: JobStatus[] = ["pending", "running", "incomplete"];

export const ended = (job: Job) => !unfinished.includes(job.status);

interface Run {
  connectionId: string;
  controller: AbortController;
  /** Resolves when nothing of the job is under way any longer. */
  over: Promise<void>;
}

/** Runs jobs in the background: so many at a time, the others wait as pending. */
export class Jobs {
  readonly #platform: () => Platform;
  readonly #waiting: number[] = [];
  readonly #runs = new Map<number, Run>();
  readonly logs: JobLogs;

  /** The platform is handed over as a function: it is put together after its jobs. */
  constructor(platform: () => Platform, logFolder: string | null) {
    this.#platform = platform;
    this.logs = new JobLogs(logFolder);
  }

  find(id: number): Job {
    const job = this.#store.jobs.get(id);
    if (!job) throw notFound("job", String(id));
    return job;
  }

  start(connection: Connection, jobType: JobType): Job {
    if (connection.status !== "active") {
      throw stateConflict(`Connection ${connection.id} is ${connection.status}: no job can be started`);
    }
    const jobs = this.#store.jobs.all();
    if (this.isRunning(connection.id)) {
      throw tryAgainLater(`A sync is already running for: ${connection.id}`);
    }
    const now = Date.now();
    const job = this.#store.jobs.put({
      id: 1 + Math.max(0, ...jobs.slice(-1).map(({ id }) => id)),
      connectionId: connection.id,
      workspaceId: connection.workspaceId,
      jobType,
      status: "pending",
      failure: null,
      rows: 0,
      bytes: 0,
      createdAt: now,
      updatedAt: now,
      attempts: [],
    });
    this.#waiting.push(job.id);
    this.#startWaiting();
    return job;
  }

  isRunning(connectionId: string): boolean {
    return this.running(connectionId) !== undefined;
  }

  /** The connection's job that has not ended yet. */
  running(connectionId: string): Job | undefined {
    return this.#store.jobs.all().findLast((job) => job.connectionId === connectionId && !ended(job));
  }

  cancel(id: number): Job {
    const job = this.find(id);
    if (ended(job)) throw stateConflict(`Job ${id} is not running: it has ${job.status}`);
    this.#runs.get(id)?.controller.abort();
    this.logs.of(id).say(`Job ${id} cancelled`);
    return this.#end(job, "cancelled", "The job was cancelled");
  }

  cancelAllOf(connectionId: string): void {
    for (const job of this.#store.jobs.all()) {
      if (job.connectionId === connectionId && !ended(job)) this.cancel(job.id);
    }
  }

  /** Jobs that were under way when the server ended did not finish. */
  failInterrupted(): void {
    for (const job of this.#store.jobs.all().filter((one) => !ended(one))) {
      const failure = "The server was stopped while the job ran";
      this.logs.of(job.id).say(`ERROR ${failure}`);
      this.#end({ ...job, failure }, "failed", failure);
    }
  }

  /** Ends running jobs without a word: they count as interrupted at the next start. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    for (const { controller } of this.#runs.values()) controller.abort();
    await Promise.all([...this.#runs.values()].map(({ over }) => over));
  }

  get #store() {
    return this.#platform().store;
  }

  #end(job: Job, status: JobStatus, message: string): Job {
    const now = Date.now();
    // An attempt can't be cancelled: the cancelled job's has failed, even if it was to be the first.
    const failure = { origin: "airbyte_platform", type: "system_error", message } as const;
    const failed = { status: "failed", endedAt: now, failure } as const;
    const begun = job.attempts?.length ? job.attempts : [{ id: 0, createdAt: now, streams: [], ...failed }];
    const attempts = begun.map((attempt) => (attempt.status === "running" ? { ...attempt, ...failed } : attempt));
    return this.#store.jobs.put({ ...job, status, attempts, updatedAt: now });
  }

  #startWaiting(): void {
    const { parallelJobs } = this.#platform().options;
    for (const id of [...this.#waiting]) {
      if (this.#runs.size >= parallelJobs) return;
      const job = this.#store.jobs.get(id);
      // One that could not be written to disk is none.
      if (!job || ended(job)) {
        this.#waiting.splice(this.#waiting.indexOf(id), 1);
        continue;
      }
      const { connectionId } = job;
      // A cancelled job of the connection may take a moment to let go of the destination.
      if ([...this.#runs.values()].some((run) => run.connectionId === connectionId)) continue;
      this.#waiting.splice(this.#waiting.indexOf(id), 1);
      this.#run(id, connectionId);
    }
  }

  #run(id: number, connectionId: string): void {
    const controller = new AbortController();
    const run = new JobRun(this.#platform(), id, this.logs.start(id), controller.signal);
    const over = run
      .run()
      .catch((error: unknown) => {
        // The disk is full, or the like: the job can't say it itself.
        console.error(`Job ${id} ended unexpectedly`, error);
        const job = this.#store.jobs.get(id);
        if (job && !ended(job))
          this.#end({ ...job, failure: (error as Error).message }, "failed", (error as Error).message);
      })
      .then(() => {
        this.#runs.delete(id);
        this.#startWaiting();
      });
    this.#runs.set(id, { connectionId, controller, over });
  }
}

const tickMs = 1_000;
/** A run that is overdue by more was missed, say because the machine slept, and is not caught up with. */
const missedMs = 60_000;

interface Planned {
  schedule: Schedule;
  at: number | null;
}

/** Starts the syncs that are due, while the server runs. */
export class Scheduler {
  readonly #store: Store;
  readonly #jobs: Jobs;
  readonly #planned = new Map<string, Planned>();
  readonly #timer: NodeJS.Timeout;

  constructor({ store, jobs }: { store: Store; jobs: Jobs }) {
    this.#store = store;
    this.#jobs = jobs;
    this.#tick();
    this.#timer = setInterval(() => {
      this.#tick();
    }, tickMs);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = Date.now();
    for (const connection of this.#store.connections.all()) {
      const { id, schedule } = connection;
      if (connection.status !== "active" || schedule.scheduleType === "manual") {
        this.#planned.delete(id);
        continue;
      }
      const planned = this.#planned.get(id);
      const isSame = planned?.schedule === schedule;
      if (isSame && (planned.at === null || planned.at > now)) continue;
      if (isSame && planned.at !== null && now - planned.at < missedMs) this.#start(connection);
      this.#planned.set(id, { schedule, at: nextSync(this.#store, connection, now) });
    }
  }

  #start(connection: Connection): void {
    const running = this.#jobs.running(connection.id);
    if (running) {
      this.#jobs.logs.of(running.id).say("WARN A scheduled sync is skipped, since this job still runs");
      return;
    }
    try {
      this.#jobs.start(connection, "sync");
    } catch (error) {
      console.error(`The scheduled sync of ${connection.id} could not start`, error);
    }
    this.#store.save().catch((error: unknown) => {
      console.error("A scheduled job could not be saved", error);
    });
  }
}

/** The connection's last job that was a sync; one that succeeded, where that is wanted. */
export function lastSync({ jobs }: Store, connectionId: string, status?: JobStatus): Job | undefined {
  return jobs
    .all()
    .findLast(
      (job) => job.connectionId === connectionId && job.jobType === "sync" && (status ?? job.status) === job.status,
    );
}

/** When the connection is synced next by its schedule, in epoch milliseconds; null where it isn't. */
export function nextSync(store: Store, { id, schedule, createdAt }: Connection, after: number): number | null {
  return nextRun(schedule, after, lastSync(store, id)?.createdAt ?? createdAt);
}
