import { setTimeout as sleep } from "node:timers/promises";
import { hasEnded } from "../../api/jobs.ts";
import type { Job } from "../../api/types.ts";
import type { Context } from "../../lifecycle/handler.ts";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const LINE_EVERY_MS = 15_000;

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
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const now = Date.now();
    if (current.status !== shown || now - shownAt >= LINE_EVERY_MS) {
      context.log(`${what}: ${progress(current, now - begun)}`);
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
