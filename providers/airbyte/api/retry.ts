import { setTimeout as sleep } from "node:timers/promises";
import { single, type Call, type ClientOptions, type Fail, type Send } from "./call.ts";
import { AirbyteError } from "./errors.ts";
import { refusalOf } from "./read.ts";
import { WAIT } from "./waits.ts";

/** Repeating these changes nothing on the server that the first time did not. */
const REPEATABLE = ["GET", "PUT", "PATCH", "DELETE"];

/** The server, or a gateway before it, is busy or restarting. */
const BUSY = [429, 502, 503, 504];

/** Sends a call, and again where that can do no harm; all calls of a client wait together where the server limits their rate. */
export function retrying(
  { tell }: Pick<ClientOptions, "tell">,
  { fail, serverTime }: { fail: Fail; serverTime(this: void): number },
): (send: Send) => Send {
  const rateLimit = new RateLimit();
  return (send) => async (call) => {
    for (let attempt = 1; ; attempt++) {
      let retryAfterMs: number | undefined;
      const turn = await rateLimit.turn();
      try {
        const answer = await send(call);
        if (answer.status !== 429) rateLimit.letIn();
        if (answer.status < 300) return answer;
        retryAfterMs = parseRetryAfter(single(answer.headers["retry-after"]), serverTime());
        throw refusalOf(call, answer, fail);
      } catch (error) {
        if (!(error instanceof AirbyteError)) throw error;
        // The call for a token has had its own tries.
        if (error.beforeSending && !call.forToken) throw error;
        const pause = pauseBeforeRetry(methodOf(call), error, attempt, retryAfterMs);
        if (pause === undefined) throw error;
        // One that has waited so long wants to know why.
        if (attempt > 1 || error.limitMs !== undefined)
          tell?.(`Airbyte: ${error.serverMessage}; trying again (${attempt + 1} of ${triesOf(error)}).`);
        if (error.status === 429) rateLimit.turnedAway(turn, pause);
        else await sleep(pause);
      }
    }
  };
}

function methodOf({ method, repeatable }: Call<unknown>): string {
  return repeatable ? "GET" : method;
}

/**
 * Milliseconds to wait before the next try, or undefined when there must be none. A POST is only sent again when it
 * surely did nothing: no connection was made, or the server's rate limit turned it away (429).
 *
 * @param attempt how many tries there were, from 1.
 * @param retryAfterMs the server's Retry-After, in milliseconds.
 */
export function pauseBeforeRetry(
  method: string,
  error: AirbyteError,
  attempt: number,
  retryAfterMs?: number,
  random: () => number = Math.random,
): number | undefined {
  if (attempt >= triesOf(error)) return undefined;
  if (!isRetryable(method, error)) return undefined;
  if (retryAfterMs !== undefined) return retryAfterMs <= WAIT.retry.longestRetryAfterMs ? retryAfterMs : undefined;
  const pause = Math.min(WAIT.retry.firstPauseMs * 2 ** (attempt - 1), WAIT.retry.longestPauseMs);
  return pause / 2 + (random() * pause) / 2;
}

/** How many tries a call that fails so has in all. */
export function triesOf({ limitMs, status }: AirbyteError): number {
  if (limitMs !== undefined) return WAIT.retry.triesAfterTimeout;
  return status === 429 ? WAIT.retry.triesAfterRateLimit : WAIT.retry.tries;
}

function isRetryable(method: string, error: AirbyteError): boolean {
  if (error.code === "unreachable" || error.status === 429) return true;
  if (!REPEATABLE.includes(method)) return false;
  if (error.code === "interrupted") return true;
  return BUSY.includes(error.status ?? 0);
}

/** The wait that a Retry-After header asks for, in milliseconds: a number of seconds, or an HTTP date. */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * How fast the calls of a client go. Once the server turns one away for its rate (429), all wait together, and then go one after the
 * other: each trying again by itself would keep the server busy with refusing.
 */
export class RateLimit {
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
      this.#intervalMs = Math.min(
        Math.max(this.#intervalMs * 2, WAIT.rateLimit.firstIntervalMs),
        WAIT.rateLimit.longestIntervalMs,
      );
      this.#nextTurn = now + this.#intervalMs;
    }
    this.#nextTurn = Math.max(this.#nextTurn, this.#closedUntil);
  }

  /** The server has let a call in. */
  letIn(): void {
    const eased = this.#intervalMs * WAIT.rateLimit.relief;
    this.#intervalMs = eased < WAIT.rateLimit.noIntervalMs ? 0 : eased;
  }
}
