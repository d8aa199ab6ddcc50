import { WAIT } from "../../api/waits.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { inWords, UserError } from "../../../../errors/user-error.ts";
import { readDuration } from "../../../../settings/values.ts";
import { AirbyteError } from "../../api/errors.ts";
import { hasEnded } from "../../api/jobs.ts";
import type { Job } from "../../api/types.ts";
import { HalfCreatedError, type Context } from "../../lifecycle/handler.ts";
import type { ConnectionInputs, OnRunningSync } from "./view.ts";

// What a running job works with. Name, schedule, status, tags and the like can change beside it.
const OF_THE_DATA = ["streams", "namespaceDefinition", "namespaceFormat", "prefix"];

export function touchesData(changed: readonly string[]): boolean {
  return changed.some((setting) => OF_THE_DATA.includes(setting));
}

export async function runningJob(connectionId: string, { api }: Pick<Context, "api">): Promise<Job | undefined> {
  return (await api.jobs.latest(connectionId)).find((job) => !hasEnded(job));
}

/** What a preview says of an edit while a job runs. */
export function tellRunning({ id, status }: Job, chosen: OnRunningSync = "wait"): string {
  const then = {
    wait: "the change waits for its end",
    cancel: "the change cancels it",
    refuse: "the change is refused",
  };
  return `job ${id} is ${status}: ${then[chosen]} (onRunningSync: ${chosen})`;
}

/** Makes way for a change of what jobs work with: waits, cancels or refuses, as declared. */
export async function settleRunning(id: string, inputs: ConnectionInputs, doing: string, context: Context) {
  const { name, onRunningSync = "wait" } = inputs;
  const job = await runningJob(id, context);
  if (!job) return;
  const what = `connection "${name}": job ${job.id}`;
  if (onRunningSync === "refuse") {
    throw new UserError(
      `${what} is ${job.status}, so the connection is not ${doing} (onRunningSync: refuse); nothing was changed.`,
      { next: `run the command again when the job has ended, or set onRunningSync to wait or cancel.` },
    );
  }
  if (onRunningSync === "cancel") {
    context.log(`${what} is ${job.status} and is cancelled, so that the connection can be ${doing}.`);
    // Refused where it has just ended, which is as good.
    await context.api.jobs.cancel(job.id).catch(() => undefined);
  }
  const limit = onRunningSync === "cancel" ? WAIT.job.cancelledMs : WAIT.job.endsMs;
  if (await follow(job, `${what} must end before the connection is ${doing}`, limit, context)) return;
  throw new UserError(
    `${what} has not ended within ${limit / 60_000} minutes, so the connection is not ${doing}; nothing was changed.`,
    { next: `cancel the job in Airbyte, or run the command again later.` },
  );
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
    new HalfCreatedError(id, { ...inputs }, inWords(`${what} ${reason}`, { next }));
  try {
    const job = await firstJob(id, name, context);
    if (job?.status === "succeeded") return;
    if (sync.wait === false) return context.log(`${what}: job ${job.id} goes on in Airbyte`);
    const limit = sync.timeout ?? WAIT.job.firstSync;
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

/**
 * Follows a job to its end, with a line for every change of its status and one now and then between.
 *
 * @param what what the lines begin with: `connection "orders": first sync`
 * @returns the job, ended or not: undefined where it did not end in time.
 */
export async function follow(job: Job, what: string, limitMs: number, context: Context): Promise<Job | undefined> {
  const begun = Date.now();
  let shown = "";
  let shownAt = 0;
  let current = job;
  for (let pause: number = WAIT.job.firstLookMs; ; pause = Math.min(pause * 2, WAIT.job.longestLookMs)) {
    const now = Date.now();
    if (current.status !== shown || now - shownAt >= WAIT.job.sayEveryMs) {
      const line = `${what}: ${progress(current, now - begun)}`;
      if (hasEnded(current)) context.log(line);
      else context.progress(line);
      [shown, shownAt] = [current.status, now];
    }
    if (hasEnded(current)) return current;
    if (now - begun >= limitMs) return undefined;
    await sleep(Math.min(pause, limitMs));
    current = await context.api.jobs.get(job.id);
  }
}

/** `running, 12,000 rows, 3.4 MB, 2 min` */
function progress({ status, rows, bytes }: Job, ms: number): string {
  const moved = rows > 0 || bytes > 0 ? [`${rows.toLocaleString("en")} rows`, size(bytes)] : [];
  const minutes = Math.floor(ms / 60_000);
  return [status, ...moved, minutes > 0 ? `${minutes} min` : `${Math.round(ms / 1000)} s`].join(", ");
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
