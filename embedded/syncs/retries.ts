import { ConnectorFailure } from "../connectors/connector.ts";
import type { RetryPolicy } from "../options.ts";
import type { AttemptFailure, FailureOrigin } from "../state.ts";

export function failureOf(error: unknown, origin: FailureOrigin): AttemptFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ConnectorFailure)) return { origin, type: "system_error", message };
  const { failureType: type, internalMessage } = error;
  return { origin, type, message, ...(internalMessage === undefined ? {} : { internalMessage }) };
}

const longestMs = 30 * 60_000;
const attemptsInAll = 20;

/**
 * How long to wait before the next attempt, or null if there is none. What the user has to mend is not tried again;
 * an attempt that made progress is followed by the next at once, as in Airbyte.
 *
 * @param attempts those of the job so far, all failed
 */
export function retryDelay(
  attempts: { committed: number; failure: AttemptFailure | null }[],
  { attempts: allowed, backoffMs }: RetryPolicy,
): number | null {
  if (attempts.at(-1)?.failure?.type === "config_error" || attempts.length >= attemptsInAll) return null;
  const fruitless = attempts.length - 1 - attempts.findLastIndex(({ committed }) => committed > 0);
  if (fruitless === 0) return 0;
  if (fruitless >= allowed) return null;
  return Math.min(backoffMs * 3 ** (fruitless - 1), longestMs);
}
