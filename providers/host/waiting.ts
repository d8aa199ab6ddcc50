import { WAIT } from "../airbyte/api/waits.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors/user-error.ts";

/** Something that takes its time to come up. */
export interface Wait {
  /** What is waited for, such as "Docker on 203.0.113.10". */
  what: string;
  timeoutMs: number;
  /** Looks once: undefined when it is there, else why it isn't yet. An error ends the waiting. */
  look(this: void): Promise<string | undefined>;
  /** The person's next step when the time is up. */
  nextStep: string;
  /** Shows a line to the person who waits. */
  say(this: void, line: string): void;
  /** Milliseconds between two looks and between two lines. @default 5 s, 15 s */
  pauseMs?: number;
  sayEveryMs?: number;
}

/** Waits until it is there, saying every 15 seconds what for. Time is measured on this process's monotonic clock. */
export async function waitUntil(wait: Wait): Promise<void> {
  const start = performance.now();
  let saidAt = start;
  for (;;) {
    const why = await wait.look();
    if (why === undefined) return;
    const now = performance.now();
    if (now - start > wait.timeoutMs) {
      const minutes = Math.round(wait.timeoutMs / 60_000);
      throw new UserError(
        `${wait.what} did not come up within ${minutes} minutes: ${why}\n` +
          `  Everything that was made is kept; the next up goes on waiting.`,
        { next: `${wait.nextStep}` },
      );
    }
    if (now - saidAt >= (wait.sayEveryMs ?? WAIT.host.sayEveryMs)) {
      wait.say(`Waiting for ${wait.what} since ${inWords(now - start)}: ${why}`);
      saidAt = now;
    }
    await sleep(wait.pauseMs ?? WAIT.host.lookEveryMs);
  }
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
