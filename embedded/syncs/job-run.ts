import { setTimeout as delay } from "node:timers/promises";
import { ConnectorFailure } from "../connectors/connector.ts";
import type { RetryPolicy } from "../options.ts";
import { commitState, protocolStates } from "../platform/connections.ts";
import { findConnection, type Platform } from "../platform/platform.ts";
import type { Attempt, AttemptFailure, Job } from "../state.ts";
import type { JobLog } from "./job-log.ts";
import { endsOf, isPlayed, maskingOfBoth, streamsOf } from "./plan.ts";
import { clear, committedBytes, Counts, failureOf, runSync, SyncFailure, totals } from "./sync.ts";

const progressMs = 500;

/** One job from its first attempt to its end. */
export class JobRun {
  readonly #platform: Platform;
  readonly #id: number;
  readonly #log: JobLog;
  readonly #signal: AbortSignal;

  constructor(platform: Platform, id: number, log: JobLog, signal: AbortSignal) {
    this.#platform = platform;
    this.#id = id;
    this.#log = log;
    this.#signal = signal;
  }

  /** Resolves when the job has ended, or when the signal has ended it: then its status is left as it is. */
  async run(): Promise<void> {
    try {
      const { id, jobType, connectionId } = this.#job;
      const remark = isPlayed(this.#ends) ? ": played, nothing is moved" : "";
      this.#log.say(`Job ${id} (${jobType}) of connection ${connectionId}${remark}`);
      let wait = await this.#attempt();
      while (wait !== null) {
        this.#log.say(`The next attempt begins in ${wait / 1000} s`);
        await delay(wait, undefined, { signal: this.#signal });
        wait = await this.#attempt();
      }
      this.#log.end();
      this.#log.say(`Job ${id} ${this.#job.status}`);
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  /** Null when the job has ended, else how long to wait for the next attempt, in milliseconds. */
  async #attempt(): Promise<number | null> {
    const { faults, store } = this.#platform;
    const begun = Date.now();
    const { jobMs, jobError } = faults.settings;
    const played = isPlayed(this.#ends);
    // A played job takes a little while, so that clients see it pending and running.
    if (played) await delay(jobMs / 10, undefined, { signal: this.#signal });
    this.#begin();
    await store.save();
    try {
      await this.#work();
      if (played) await delay(Math.max(0, begun + jobMs - Date.now()), undefined, { signal: this.#signal });
      if (played && jobError) throw new ConnectorFailure(jobError, "config_error");
      this.#signal.throwIfAborted();
      this.#show({ status: "succeeded", endedAt: Date.now() }, { status: "succeeded" });
      await store.save();
      return null;
    } catch (error) {
      this.#signal.throwIfAborted();
      const wait = this.#fail(error);
      await store.save();
      return wait;
    }
  }

  #begin(): void {
    const attempts = this.#job.attempts ?? [];
    const status = "running";
    const begun: Attempt = {
      id: attempts.length,
      status,
      createdAt: Date.now(),
      endedAt: null,
      streams: [],
      failure: null,
    };
    this.#change({ status, attempts: [...attempts, begun] });
  }

  #fail(error: unknown): number | null {
    const failure = this.#masked(error instanceof SyncFailure ? error.failure : failureOf(error, "airbyte_platform"));
    this.#log.say(`ERROR ${failure.message} (${failure.type} of the ${failure.origin})`);
    this.#show({ status: "failed", endedAt: Date.now(), failure });
    const attempts = (this.#job.attempts ?? []).map((attempt) => ({ ...attempt, ...totals(attempt.streams) }));
    const wait = retryDelay(attempts, this.#platform.options.retries);
    this.#change(wait === null ? { status: "failed", failure: failure.message } : { status: "incomplete" });
    return wait;
  }

  #masked({ origin, type, message, internalMessage }: AttemptFailure): AttemptFailure {
    const { masking } = this.#log;
    const internal = internalMessage === undefined ? {} : { internalMessage: masking(internalMessage) };
    return { origin, type, message: masking(message), ...internal };
  }

  async #work(): Promise<void> {
    const connection = findConnection(this.#platform, this.#job.connectionId);
    const { source, destination } = this.#ends;
    destination.connector.warm?.();
    this.#log.masking = await maskingOfBoth({ source, destination });
    const streams = await streamsOf(this.#platform, connection, this.#log);
    const counts = new Counts(streams.map(({ stream }) => stream));
    const common = { connection, destination, streams, counts, log: this.#log, signal: this.#signal };
    if (this.#job.jobType !== "sync") {
      await clear(common);
      this.#platform.store.states.remove(connection.id);
      return;
    }
    await this.#showing(counts, () =>
      runSync({
        ...common,
        source,
        state: protocolStates(this.#platform.store.states.get(connection.id), connection.streams),
        onState: (committed) => {
          commitState(this.#platform, connection.id, committed);
          // Soon: a server that is killed must not read again what is in the destination already.
          this.#platform.store.save().catch((error: unknown) => {
            console.error("A state could not be saved", error);
          });
        },
      }),
    );
    for (const { name, rows, committed } of counts.streams) {
      this.#log.say(`${name}: ${rows} records read, ${committed} written`);
    }
    const { rows, bytes } = totals(counts.streams);
    this.#log.say(`${rows} records, ${bytes} bytes`);
  }

  /** Shows the counts while the work goes on, and once more at its end, however it ends. */
  async #showing(counts: Counts, work: () => Promise<void>): Promise<void> {
    const show = () => {
      this.#show({ streams: counts.streams.map((stream) => ({ ...stream })) });
    };
    const timer = setInterval(show, progressMs);
    try {
      await work();
    } finally {
      clearInterval(timer);
      show();
    }
  }

  /** Changes the attempt under way; that of an ended job stays as it is. */
  #show(change: Partial<Attempt>, job: Partial<Job> = {}): void {
    if (this.#signal.aborted) return;
    const attempts = (this.#job.attempts ?? []).map((attempt, index, { length }) => {
      return index === length - 1 ? { ...attempt, ...change } : attempt;
    });
    this.#change({ attempts, ...shownTotals(attempts), ...job });
  }

  get #ends() {
    return endsOf(this.#platform, findConnection(this.#platform, this.#job.connectionId));
  }

  get #job(): Job {
    return this.#platform.jobs.find(this.#id);
  }

  #change(change: Partial<Job>): void {
    this.#platform.store.jobs.put({ ...this.#job, ...change, updatedAt: Date.now() });
  }
}

/** What the last attempt has read, and what those before it got into the destination. */
function shownTotals(attempts: Attempt[]): Pick<Job, "rows" | "bytes"> {
  const last = totals(attempts.at(-1)?.streams ?? []);
  const before = attempts.slice(0, -1).flatMap(({ streams }) => streams);
  const bytes = before.reduce((sum, stream) => sum + committedBytes(stream), 0);
  return { rows: last.rows + totals(before).committed, bytes: last.bytes + bytes };
}

const longestMs = 30 * 60_000;
const attemptsInAll = 20;

/**
 * How long to wait before the next attempt, or null if there is none. What the user has to mend is not tried again;
 * an attempt that made progress is followed by the next at once, as in Airbyte.
 *
 * @param attempts those of the job so far, all failed
 */
export function retryDelay(
  attempts: { committed: number; failure: AttemptFailure | null }[],
  { attempts: allowed, backoffMs }: RetryPolicy,
): number | null {
  if (attempts.at(-1)?.failure?.type === "config_error" || attempts.length >= attemptsInAll) return null;
  const fruitless = attempts.length - 1 - attempts.findLastIndex(({ committed }) => committed > 0);
  if (fruitless === 0) return 0;
  if (fruitless >= allowed) return null;
  return Math.min(backoffMs * 3 ** (fruitless - 1), longestMs);
}
