import { createContext, Script } from "node:vm";

/** So long may a pattern think about one key, in milliseconds. */
const PATIENCE_MS = 100;

/** A pattern that can't think for long: no group, and one repetition at most. */
const SIMPLE = /^[^()*+{?]*[*+{?]?[^()*+{?]*$/;

const tooSlow = new Set<string>();
let limited: ((pattern: string, key: string) => boolean) | undefined;

/**
 * Whether a key matches a pattern of a specification. Where that can't be told it may: patterns are other people's, and one that
 * JavaScript can't read or that never ends (`^(a+)+$`) must neither hide a secret nor stop the process.
 */
export function mayMatch(pattern: string, key: string): boolean {
  if (tooSlow.has(pattern)) return true;
  try {
    if (SIMPLE.test(pattern)) return matches(pattern, key);
    return (limited ??= withinTime())(pattern, key);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") tooSlow.add(pattern);
    return true;
  }
}

// Without the flag where a pattern is right only so: `[\w-.]`.
function matches(pattern: string, key: string): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, "u");
  } catch {
    expression = new RegExp(pattern);
  }
  return expression.test(key);
}

function withinTime(): (pattern: string, key: string) => boolean {
  const context: { pattern?: string; key?: string } = {};
  createContext(context);
  const script = new Script(`(${matches.toString()})(pattern, key)`);
  return (pattern, key) => {
    Object.assign(context, { pattern, key });
    return script.runInContext(context, { timeout: PATIENCE_MS }) as boolean;
  };
}
