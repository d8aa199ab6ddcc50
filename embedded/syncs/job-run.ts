import { setTimeout as delay } from "node:timers/promises";
import type { ConfiguredStream } from "../connectors/connector.ts";
import { ConnectorFailure } from "../connectors/protocol/failure.ts";
import { maskingOf } from "../connectors/protocol/masking.ts";
import type { Instance } from "../instance.ts";
import { connectorOf, liveActor } from "../platform/actors.ts";
import { findConnection } from "../platform/connections.ts";
import { halves } from "../platform/sync-modes.ts";
import type { Attempt, Connection, Job } from "../state.ts";
import { Counts, totals } from "./counts.ts";
import type { JobLog } from "./job-log.ts";
import { failureOf, retryDelay } from "./retries.ts";
import { protocolStates, withCommitted } from "./states.ts";
import { clear, runSync, SyncFailure } from "./sync.ts";

const progressMs = 500;

/** One job from its first attempt to its end. */
export class JobRun {
  readonly #instance: Instance;
  readonly #id: number;
  readonly #log: JobLog;
  readonly #signal: AbortSignal;

  constructor(instance: Instance, id: number, log: JobLog, signal: AbortSignal) {
    this.#instance = instance;
    this.#id = id;
    this.#log = log;
    this.#signal = signal;
  }

  /** Resolves when the job has ended, or when the signal has ended it: then its status is left as it is. */
  async run(): Promise<void> {
    const { store } = this.#instance;
    const job = this.#job;
    this.#log.say(
      `Job ${job.id} (${job.jobType}) of connection ${job.connectionId}${this.#played ? ": played, nothing is moved" : ""}`,
    );
    try {
      let wait: number | null = await this.#attempt();
      while (wait !== null) {
        this.#change({ status: "incomplete" });
        this.#log.say(`The next attempt begins in ${wait / 1000} s`);
        await store.save();
        await delay(wait, undefined, { signal: this.#signal });
        wait = await this.#attempt();
      }
      this.#log.end();
      this.#log.say(`Job ${job.id} ${this.#job.status}`);
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  /** Null when the job has ended, else how long to wait for the next attempt. */
  async #attempt(): Promise<number | null> {
    const { faults, store, options } = this.#instance;
    const begun = Date.now();
    const { jobMs, jobError } = faults.settings;
    // A played job takes a little while, so that clients see it pending and running.
    if (this.#played) await delay(jobMs / 10, undefined, { signal: this.#signal });
    const attempts = this.#job.attempts ?? [];
    const attempt: Attempt = {
      id: attempts.length,
      status: "running",
      createdAt: Date.now(),
      endedAt: null,
      streams: [],
      failure: null,
    };
    const show = (change: Partial<Attempt>, job: Partial<Job> = {}) => {
      Object.assign(attempt, change);
      const all = [...attempts, { ...attempt }];
      this.#change({ attempts: all, ...shownTotals(all), ...job });
    };
    show({}, { status: "running" });
    await store.save();
    try {
      await this.#work((streams) => {
        show({ streams });
      });
      if (this.#played) await delay(Math.max(0, begun + jobMs - Date.now()), undefined, { signal: this.#signal });
      if (this.#played && jobError) throw new ConnectorFailure(jobError, "config_error");
      show({ status: "succeeded", endedAt: Date.now() }, { status: "succeeded" });
      await store.save();
      return null;
    } catch (error) {
      this.#signal.throwIfAborted();
      const failure = error instanceof SyncFailure ? error.failure : failureOf(error, "airbyte_platform");
      this.#log.say(`ERROR ${failure.message} (${failure.type} of the ${failure.origin})`);
      const ended = { ...attempt, ...totals(attempt.streams), failure };
      const wait = retryDelay([...attempts.map(withTotals), ended], options.retries);
      show(
        { status: "failed", endedAt: Date.now(), failure },
        wait === null ? { status: "failed", failure: failure.message } : {},
      );
      await store.save();
      return wait;
    }
  }

  async #work(show: (streams: Attempt["streams"]) => void): Promise<void> {
    const { store } = this.#instance;
    const connection = findConnection(this.#instance, this.#job.connectionId);
    const ends = await this.#ends(connection);
    ends.destination.connector.warm?.();
    const streams = await this.#streams(connection);
    const counts = new Counts(streams.map(({ stream }) => stream));
    const common = { connection, destination: ends.destination, streams, counts, log: this.#log, signal: this.#signal };
    if (this.#job.jobType !== "sync") {
      await clear(common);
      store.states.remove(connection.id);
      return;
    }
    const state = protocolStates(store.states.get(connection.id), connection.streams);
    const onState = (committed: Parameters<typeof withCommitted>[1]) => {
      const none = {
        id: connection.id,
        stateType: "not_set",
        state: null,
        streamState: null,
        globalState: null,
      } as const;
      const before = store.states.get(connection.id) ?? none;
      const after = withCommitted(before, committed);
      if (after !== before) store.states.put(after);
    };
    const progress = setInterval(() => {
      show(counts.streams.map((stream) => ({ ...stream })));
    }, progressMs);
    try {
      await runSync({ ...common, source: ends.source, state, onState });
    } finally {
      clearInterval(progress);
      show(counts.streams);
    }
    for (const { name, rows, committed } of counts.streams)
      this.#log.say(`${name}: ${rows} records read, ${committed} written`);
    const { rows, bytes } = totals(counts.streams);
    this.#log.say(`${rows} records, ${bytes} bytes`);
  }

  async #ends(connection: Connection) {
    const ends = (["source", "destination"] as const).map((kind) => {
      const { definitionId, configuration } = liveActor(this.#instance, kind, connection[`${kind}Id`]);
      return { connector: connectorOf(this.#instance, kind, definitionId), configuration };
    });
    const [source, destination] = ends as [(typeof ends)[number], (typeof ends)[number]];
    const maskings = await Promise.all(
      ends.map(async ({ connector, configuration }) => {
        return maskingOf((await connector.spec()).connectionSpecification, configuration);
      }),
    );
    this.#log.masking = (text) => maskings.reduce((masked, masking) => masking(masked), text);
    return { source, destination };
  }

  async #streams(connection: Connection): Promise<ConfiguredStream[]> {
    const { discovery } = this.#instance;
    const source = liveActor(this.#instance, "source", connection.sourceId);
    const catalog = await discovery.catalogOf(source, connectorOf(this.#instance, "source", source.definitionId));
    return connection.streams.flatMap((configured): ConfiguredStream[] => {
      const stream = catalog.streams.find(
        ({ name, namespace }) => name === configured.name && (namespace ?? null) === configured.namespace,
      );
      if (!stream) {
        this.#log.say(`WARN The source has no stream ${configured.name} any longer`);
        return [];
      }
      const { source: syncMode, destination: destinationSyncMode } = halves[configured.syncMode];
      return [{ ...configured, stream, syncMode, destinationSyncMode }];
    });
  }

  /** Neither end is real. */
  get #played(): boolean {
    const { sourceId, destinationId } = findConnection(this.#instance, this.#job.connectionId);
    const source = liveActor(this.#instance, "source", sourceId);
    const destination = liveActor(this.#instance, "destination", destinationId);
    return (
      connectorOf(this.#instance, "source", source.definitionId).simulated &&
      connectorOf(this.#instance, "destination", destination.definitionId).simulated
    );
  }

  get #job(): Job {
    return this.#instance.jobs.find(this.#id);
  }

  #change(change: Partial<Job>): void {
    this.#instance.store.jobs.put({ ...this.#job, ...change, updatedAt: Date.now() });
  }
}

function withTotals(attempt: Attempt) {
  return { ...totals(attempt.streams), failure: attempt.failure };
}

/** The rows of the last attempt, and of those before it what they got into the destination. */
function shownTotals(attempts: Attempt[]): Pick<Job, "rows" | "bytes"> {
  const last = totals(attempts.at(-1)?.streams ?? []);
  const before = attempts.slice(0, -1).flatMap(({ streams }) => streams);
  const bytes = before.reduce(
    (sum, stream) => sum + (stream.rows > 0 ? (stream.bytes * stream.committed) / stream.rows : 0),
    0,
  );
  return { rows: last.rows + totals(before).committed, bytes: last.bytes + Math.round(bytes) };
}
