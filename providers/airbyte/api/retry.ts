import type { AirbyteError } from "./errors.ts";

/** When a call is sent again, and after how long: the whole policy in one table. */
export const RETRY = {
  /** Tries in all, the first included. */
  tries: 5,
  /** Tries in all where the server's rate limit turned the call away; from the first one on all calls go slower together (pace.ts). */
  triesAfterRateLimit: 10,
  /** Tries in all where the time was up: each took as long as a call may. */
  triesAfterTimeout: 2,
  /** Pause before the second try; doubled each time. */
  firstPauseMs: 250,
  /** No pause is longer, unless the server asks for it by Retry-After. */
  longestPauseMs: 8_000,
  /** A Retry-After beyond this is not waited for: the call fails and says so. */
  longestRetryAfterMs: 60_000,
  /** Repeating these changes nothing on the server that the first time did not. */
  repeatable: ["GET", "PUT", "PATCH", "DELETE"],
  /** The server, or a gateway before it, is busy or restarting. */
  statuses: [429, 502, 503, 504],
} as const;

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
  if (retryAfterMs !== undefined) return retryAfterMs <= RETRY.longestRetryAfterMs ? retryAfterMs : undefined;
  const pause = Math.min(RETRY.firstPauseMs * 2 ** (attempt - 1), RETRY.longestPauseMs);
  return pause / 2 + (random() * pause) / 2;
}

/** How many tries a call that fails so has in all. */
export function triesOf({ limitMs, status }: AirbyteError): number {
  if (limitMs !== undefined) return RETRY.triesAfterTimeout;
  return status === 429 ? RETRY.triesAfterRateLimit : RETRY.tries;
}

function isRetryable(method: string, error: AirbyteError): boolean {
  if (error.code === "unreachable" || error.status === 429) return true;
  if (!(RETRY.repeatable as readonly string[]).includes(method)) return false;
  if (error.code === "interrupted") return true;
  return (RETRY.statuses as readonly number[]).includes(error.status ?? 0);
}

/** The wait that a Retry-After header asks for, in milliseconds: a number of seconds, or an HTTP date. */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
