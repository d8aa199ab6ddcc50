import { ExplainedError } from "../../../../errors/explained-error.ts";
import { hasEnded } from "../../api/jobs.ts";
import type { Job } from "../../api/types.ts";
import type { ConnectionInputs } from "./view.ts";
import type { Context } from "../../lifecycle/handler.ts";
import { follow } from "./jobs.ts";

/** What an edit does while a job of the connection runs. */
export const ON_RUNNING_SYNC = ["wait", "cancel", "refuse"] as const;
export type OnRunningSync = (typeof ON_RUNNING_SYNC)[number];

// What a running job works with. Name, schedule, status, tags and the like can change beside it.
const OF_THE_DATA = ["streams", "namespaceDefinition", "namespaceFormat", "prefix"];
const WAIT_LIMIT_MS = 2 * 3_600_000;
const CANCEL_LIMIT_MS = 5 * 60_000;

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
    throw new ExplainedError(
      `${what} is ${job.status}, so the connection is not ${doing} (onRunningSync: refuse); nothing was changed.\n` +
        `  Next step: run the command again when the job has ended, or set onRunningSync to wait or cancel.`,
    );
  }
  if (onRunningSync === "cancel") {
    context.log(`${what} is ${job.status} and is cancelled, so that the connection can be ${doing}.`);
    // Refused where it has just ended, which is as good.
    await context.api.jobs.cancel(job.id).catch(() => undefined);
  }
  const limit = onRunningSync === "cancel" ? CANCEL_LIMIT_MS : WAIT_LIMIT_MS;
  if (await follow(job, `${what} must end before the connection is ${doing}`, limit, context)) return;
  throw new ExplainedError(
    `${what} has not ended within ${limit / 60_000} minutes, so the connection is not ${doing}; nothing was changed.\n` +
      `  Next step: cancel the job in Airbyte, or run the command again later.`,
  );
}
