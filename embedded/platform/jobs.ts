import { setTimeout as delay } from "node:timers/promises";
import { notFound, stateConflict, tryAgainLater } from "../api/problems.ts";
import type { ConfiguredStream } from "../connectors/connector.ts";
import type { Instance } from "../instance.ts";
import type { Connection, Job, JobType } from "../state.ts";
import { connectorOf, liveActor } from "./actors.ts";
import { findConnection } from "./connections.ts";
import { halves } from "./sync-modes.ts";

export const ended = (job: Job) => job.status !== "pending" && job.status !== "running";

/** Runs jobs in the background. They take a little while, so that clients see them pending and running. */
export class Jobs {
  readonly #instance: () => Instance;
  readonly #running = new Map<number, AbortController>();

  /** The instance is handed over as a function: it is put together after its jobs. */
  constructor(instance: () => Instance) {
    this.#instance = instance;
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
    });
    const controller = new AbortController();
    this.#running.set(job.id, controller);
    void this.#run(job.id, controller.signal);
    return job;
  }

  isRunning(connectionId: string): boolean {
    return this.#store.jobs.all().some((job) => job.connectionId === connectionId && !ended(job));
  }

  cancel(id: number): Job {
    const job = this.find(id);
    if (ended(job)) throw stateConflict(`Job ${id} is not running: it has ${job.status}`);
    this.#running.get(id)?.abort();
    return this.#change(id, { status: "cancelled" });
  }

  cancelAllOf(connectionId: string): void {
    for (const job of this.#store.jobs.all()) {
      if (job.connectionId === connectionId && !ended(job)) this.cancel(job.id);
    }
  }

  /** Jobs that were under way when the server ended did not finish. */
  failInterrupted(): void {
    for (const job of this.#store.jobs.all()) {
      if (!ended(job)) this.#change(job.id, { status: "failed", failure: "The server was stopped while the job ran" });
    }
  }

  /** Lets go of running jobs without a word: they count as interrupted at the next start. */
  abandon(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  get #store() {
    return this.#instance().store;
  }

  #change(id: number, change: Partial<Job>): Job {
    return this.#store.jobs.put({ ...this.find(id), ...change, updatedAt: Date.now() });
  }

  async #run(id: number, signal: AbortSignal): Promise<void> {
    const { faults, store } = this.#instance();
    const { jobMs, jobError } = faults.settings;
    const begun = Date.now();
    try {
      await delay(jobMs / 10, undefined, { signal });
      this.#change(id, { status: "running" });
      await store.save();
      const { jobType, connectionId } = this.find(id);
      if (jobType === "sync") await this.#sync(id, signal);
      else store.states.remove(connectionId);
      await delay(Math.max(0, begun + jobMs - Date.now()), undefined, { signal });
      this.#change(id, jobError ? { status: "failed", failure: jobError } : { status: "succeeded" });
    } catch (error) {
      if (signal.aborted) return;
      this.#change(id, { status: "failed", failure: (error as Error).message });
    } finally {
      this.#running.delete(id);
    }
    await store.save().catch((error: unknown) => {
      console.error("The result of a job could not be saved", error);
    });
  }

  async #sync(id: number, signal: AbortSignal): Promise<void> {
    const instance = this.#instance();
    const connection = findConnection(instance, this.find(id).connectionId);
    const source = liveActor(instance, "source", connection.sourceId);
    const connector = connectorOf(instance, "source", source.definitionId);
    const discovered = await instance.discovery.catalogOf(source, connector);
    const streams = connection.streams.flatMap((configured): ConfiguredStream[] => {
      const stream = discovered.streams.find(
        ({ name, namespace }) => name === configured.name && (namespace ?? null) === configured.namespace,
      );
      const { source: syncMode, destination: destinationSyncMode } = halves[configured.syncMode];
      return stream ? [{ ...configured, stream, syncMode, destinationSyncMode }] : [];
    });
    let rows = 0;
    let bytes = 0;
    for await (const message of connector.read(source.configuration, { streams }, null)) {
      signal.throwIfAborted();
      if (message.type === "TRACE") throw new Error(message.error.message);
      if (message.type !== "RECORD") continue;
      rows += 1;
      bytes += Buffer.byteLength(JSON.stringify(message.record.data));
      if (rows % 1000 === 0) this.#change(id, { rows, bytes });
    }
    this.#change(id, { rows, bytes });
  }
}
