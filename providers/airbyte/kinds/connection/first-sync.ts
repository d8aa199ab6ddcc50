import { AirbyteError } from "../../api/errors.ts";
import { hasEnded } from "../../api/jobs.ts";
import type { Job } from "../../api/types.ts";
import { readDuration } from "../../../../settings/duration.ts";
import { isObject } from "../../lifecycle/canonical.ts";
import type { ConnectionInputs } from "./view.ts";
import { HalfCreatedError, UNKNOWN, type Context } from "../../lifecycle/handler.ts";
import { follow } from "./jobs.ts";

/** The sync that a connection begins its life with. */
export interface FirstSync {
  /** Syncs once, as soon as the connection is there. */
  onCreate: boolean;
  /** Waits for the end of it; a failed job fails the update, and the connection is kept. @default true */
  wait?: boolean;
  /** How long it is waited for: `90s`, `30m`, `2h`. @default 1h */
  timeout?: string;
}

const DEFAULT_LIMIT = "1h";

/** Mistakes in what is declared of the first sync. */
export function firstSyncMistakes({ sync, status }: Record<string, unknown>): string[] {
  if (sync === undefined || sync === UNKNOWN) return [];
  if (!isObject(sync) || typeof sync.onCreate !== "boolean") return ["sync: expected {onCreate: true}"];
  const { timeout } = sync;
  const known = timeout === undefined || timeout === UNKNOWN;
  const wrong = !known && (typeof timeout !== "string" || readDuration(timeout) === undefined);
  return [
    ...(wrong ? [`sync.timeout: expected a time such as 90s, 30m or 2h, found ${JSON.stringify(timeout)}`] : []),
    ...(sync.onCreate && status === "inactive"
      ? ["sync.onCreate: a paused connection can't sync; take status: inactive away, or sync"]
      : []),
  ];
}

/**
 * Sees to it that the connection has synced once. Called again after a failure or an interruption, it goes on with a
 * job that runs, and starts no second one where one has succeeded.
 *
 * @throws HalfCreatedError with the job's own reason.
 */
export async function firstSync(id: string, inputs: ConnectionInputs, context: Context): Promise<void> {
  const { sync, name } = inputs;
  if (!sync?.onCreate) return;
  const what = `connection "${name}": first sync`;
  const halfCreated = (reason: string, next: string) =>
    new HalfCreatedError(id, { ...inputs }, `${what} ${reason}\n  Next step: ${next}`);
  try {
    const job = await firstJob(id, name, context);
    if (job?.status === "succeeded") return;
    if (sync.wait === false) return context.log(`${what}: job ${job.id} goes on in Airbyte`);
    const limit = sync.timeout ?? DEFAULT_LIMIT;
    const ended = await follow(job, what, readDuration(limit) ?? 0, context);
    if (!ended) throw halfCreated(`has not ended within ${limit}; job ${job.id} goes on in Airbyte.`, AGAIN);
    if (ended.status === "succeeded") return;
    const reason = await context.api.jobs.failure(job.id).catch(() => undefined);
    const untold = "Airbyte's API doesn't tell why here; the job's log in its UI does.";
    throw halfCreated(`${ended.status} (job ${job.id}): ${reason ?? untold}`, REPAIR);
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    // The connection is there: it must stay in the state.
    throw halfCreated(`could not be followed: ${error.message}`, AGAIN);
  }
}

const AGAIN = "run the command again; it waits for the same job.";
const REPAIR =
  "correct what the job complains of, then run the command again; the connection is kept, and syncs once more.";

/** A job that has succeeded or is under way; a new one where there is none. */
async function firstJob(id: string, name: string, { api }: Context): Promise<Job> {
  const find = async () => {
    const jobs = (await api.jobs.latest(id)).filter(({ type }) => type === "sync");
    return jobs.find(({ status }) => status === "succeeded") ?? jobs.find((job) => !hasEnded(job));
  };
  const found = await find();
  if (found) return found;
  try {
    return await api.jobs.startSync(id, name);
  } catch (error) {
    // Somebody else, or the schedule, was faster; or the answer was lost.
    const started = error instanceof AirbyteError ? await find() : undefined;
    if (started) return started;
    throw error;
  }
}
