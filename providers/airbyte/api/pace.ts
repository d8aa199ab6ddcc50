import { setTimeout as sleep } from "node:timers/promises";

/** How a client slows down: the whole policy in one table. */
export const PACE = {
  /** Pause between two calls after the first refusal; doubled by each further one. */
  firstIntervalMs: 50,
  longestIntervalMs: 2_000,
  /** Of the pause, after each call that was let in; below `noIntervalMs` there is none any more. */
  relief: 0.9,
  noIntervalMs: 5,
} as const;

/**
 * The pace of all calls of a client. Once the server turns one away for its rate (429), all wait together, and then go one after the
 * other: each trying again by itself would keep the server busy with refusing.
 */
export class Pace {
  #closedUntil = 0;
  #nextTurn = 0;
  #intervalMs = 0;
  #slowdowns = 0;

  /** Resolves when the next call may be sent, with what `turnedAway` wants to know of it. */
  async turn(): Promise<number> {
    for (;;) {
      const now = Date.now();
      const [turn, slowdowns] = [Math.max(now, this.#nextTurn), this.#slowdowns];
      this.#nextTurn = turn + this.#intervalMs;
      if (turn > now) await sleep(turn - now);
      // While this one waited, another may have been turned away: then its turn is a later one.
      if (slowdowns === this.#slowdowns && Date.now() >= this.#closedUntil) return slowdowns;
    }
  }

  /** The server has turned away the call of this turn, and wants none for this long. */
  turnedAway(turn: number, pauseMs: number): void {
    const now = Date.now();
    this.#closedUntil = Math.max(this.#closedUntil, now + pauseMs);
    // Those that were under way together are turned away together, which is one refusal.
    if (turn === this.#slowdowns) {
      this.#slowdowns += 1;
      this.#intervalMs = Math.min(Math.max(this.#intervalMs * 2, PACE.firstIntervalMs), PACE.longestIntervalMs);
      this.#nextTurn = now + this.#intervalMs;
    }
    this.#nextTurn = Math.max(this.#nextTurn, this.#closedUntil);
  }

  /** The server has let a call in. */
  letIn(): void {
    const eased = this.#intervalMs * PACE.relief;
    this.#intervalMs = eased < PACE.noIntervalMs ? 0 : eased;
  }
}
