import { readDuration, showDuration } from "../duration.ts";

/** How long one call may take: the whole policy in one table, in milliseconds. */
export const TIME_LIMIT = {
  /** Where the stack's configuration (`requestTimeout`) says nothing. */
  default: 60_000,
  /** At least so long where Airbyte runs a connector (discovery, connection tests): minutes are normal. */
  runsConnector: 15 * 60_000,
  /** At least so long for a deletion, which takes along what hangs on the object. */
  deletes: 5 * 60_000,
  /** What `requestTimeout` can be. */
  shortest: 1_000,
  longest: 60 * 60_000,
} as const;

/** What `requestTimeout` has to be, for messages. */
export const REQUEST_TIMEOUT = "a time from 1s to 60m, such as 30s or 2m";

/** Milliseconds of the setting `requestTimeout`; undefined for what it can't be. */
export function readRequestTimeout(text: string): number | undefined {
  const ms = readDuration(text);
  return ms !== undefined && ms >= TIME_LIMIT.shortest && ms <= TIME_LIMIT.longest ? ms : undefined;
}

/** The setting that gives a call twice the time that was not enough. */
export function longerThan(limitMs: number): string {
  const twice = Math.max(limitMs * 2, TIME_LIMIT.shortest);
  return `requestTimeout ${showDuration(Math.min(twice, TIME_LIMIT.longest))}`;
}
