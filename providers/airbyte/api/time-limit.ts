import { requestTimeoutLimits, showDuration } from "../../../settings/duration.ts";

/** How long one call may take: the whole policy in one table, in milliseconds. */
export const TIME_LIMIT = {
  /** Where the stack's configuration (`requestTimeout`) says nothing. */
  default: 60_000,
  /** At least so long where Airbyte runs a connector (discovery, connection tests): minutes are normal. */
  runsConnector: 15 * 60_000,
  /** At least so long for a deletion, which takes along what hangs on the object. */
  deletes: 5 * 60_000,
} as const;

/** The setting that gives a call twice the time that was not enough. */
export function longerThan(limitMs: number): string {
  const { shortest, longest } = requestTimeoutLimits;
  return `requestTimeout ${showDuration(Math.min(Math.max(limitMs * 2, shortest), longest))}`;
}
