import type { Instance } from "../instance.ts";
import type { Connection, Schedule } from "../state.ts";
import { nextRun } from "./next-run.ts";

const tickMs = 1_000;
/** A run that is overdue by more was missed, say because the machine slept, and is not caught up with. */
const missedMs = 60_000;

interface Planned {
  schedule: Schedule;
  at: number | null;
}

/** Starts the syncs that are due, while the server runs. */
export class Scheduler {
  readonly #instance: Pick<Instance, "store" | "jobs">;
  readonly #planned = new Map<string, Planned>();
  readonly #timer: NodeJS.Timeout;

  constructor(instance: Pick<Instance, "store" | "jobs">) {
    this.#instance = instance;
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
    for (const connection of this.#instance.store.connections.all()) {
      const { id, schedule } = connection;
      if (connection.status !== "active" || schedule.scheduleType === "manual") {
        this.#planned.delete(id);
        continue;
      }
      const planned = this.#planned.get(id);
      const isSame = planned?.schedule === schedule;
      if (isSame && (planned.at === null || planned.at > now)) continue;
      if (isSame && planned.at !== null && now - planned.at < missedMs) this.#start(connection);
      this.#planned.set(id, { schedule, at: nextRun(schedule, now, this.#anchor(connection)) });
    }
  }

  #start(connection: Connection): void {
    const { jobs, store } = this.#instance;
    const running = jobs.running(connection.id);
    if (running) {
      jobs.logs.of(running.id).say("WARN A scheduled sync is skipped, since this job still runs");
      return;
    }
    try {
      jobs.start(connection, "sync");
    } catch (error) {
      console.error(`The scheduled sync of ${connection.id} could not start`, error);
    }
    store.save().catch((error: unknown) => {
      console.error("A scheduled job could not be saved", error);
    });
  }

  #anchor({ id, createdAt }: Connection): number {
    const last = this.#instance.store.jobs.all().findLast((job) => job.connectionId === id && job.jobType === "sync");
    return last?.createdAt ?? createdAt;
  }
}
