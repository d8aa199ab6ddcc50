import { fuzz } from "../scripts/commands/project-commands.ts";
import { valuesOf } from "../scripts/commands/command-line.ts";

export interface FuzzOptions {
  /** Of all that is random. Default: the time. */
  seed: number;
  /** The longest that the APIs are called, in seconds. */
  seconds: number;
  /** Calls of each operation, besides those at the edges of its schema. */
  examples: number;
}

/** Throws an error that says which option is wrong, and what is right. */
export function readOptions(args: string[], now = Date.now()): FuzzOptions {
  const { seed = String(now % 1_000_000), seconds, examples } = valuesOf(fuzz.options, args);
  return {
    seed: whole("--seed", seed, 0, 2 ** 31),
    seconds: whole("--seconds", seconds, 5, 3600),
    examples: whole("--examples", examples, 1, 10_000),
  };
}

function whole(option: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new Error(`${option} ${given}: a whole number from ${least} to ${most}`);
}
