// npm run bench -- syncs [ROWS]
import { StopError } from "./setup/stop.mjs";

const DEFAULT_COUNT = 100_000;

/** Resolves with the exit code. */
export async function bench([what, count = String(DEFAULT_COUNT), ...more]) {
  if (what !== "syncs" || more.length > 0 || !/^[1-9]\d*$/.test(count)) {
    throw new StopError("Usage: npm run bench -- syncs [USERS]");
  }
  return (await import("./bench/syncs.ts")).benchSyncs(Number(count));
}
