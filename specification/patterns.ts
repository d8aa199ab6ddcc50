import { createContext, Script } from "node:vm";

/** So long may a pattern think about one text, in milliseconds. */
const PATIENCE_MS = 100;
/** And so long all of them together, until the process gets to something else: a specification may hold thousands. */
const PATIENCE_IN_ALL_MS = 500;

/** A pattern that can't think for long about a text that isn't: no group, and one repetition at most. */
const SIMPLE = /^[^()*+{?]*[*+{?]?[^()*+{?]*$/;
const SHORT = 1_000;

/**
 * A regular expression of somebody else, in a connector's specification say. One that never ends (`^(a+)+$`) is given up, and not asked
 * again.
 */
export class Pattern {
  readonly #expression: RegExp;
  readonly #isSimple: boolean;
  #isTooSlow = false;

  /** @throws SyntaxError where it is none. */
  constructor(source: string) {
    this.#expression = expressionOf(source);
    this.#isSimple = SIMPLE.test(source);
  }

  /** Whether a text matches; what can't be told is no mistake. */
  test(text: string): boolean {
    return this.tell(text) ?? true;
  }

  /** The same; undefined where it can't be told. */
  tell(text: string): boolean | undefined {
    if (this.#isTooSlow) return undefined;
    if (this.#isSimple && text.length <= SHORT) return this.#expression.test(text);
    const ms = Math.min(PATIENCE_MS, PATIENCE_IN_ALL_MS - spent);
    if (ms < 1) return undefined;
    const begun = performance.now();
    const told = withinTime(() => this.#expression.test(text), Math.ceil(ms));
    spend(performance.now() - begun);
    this.#isTooSlow = told === undefined && ms === PATIENCE_MS;
    return told?.result;
  }

  /** ajv tells patterns apart by it. */
  toString(): string {
    return String(this.#expression);
  }
}

// Without the flag where a pattern is right only so: `[\w-.]`.
function expressionOf(source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source);
  }
}

let spent = 0;

function spend(ms: number): void {
  if (spent === 0) setImmediate(() => (spent = 0));
  spent += ms;
}

const known = new Map<string, Pattern | undefined>();

/** Whether a key matches a pattern; undefined where that can't be told, as the pattern can't be read, or takes too long. */
export function matches(source: string, key: string): boolean | undefined {
  if (!known.has(source)) known.set(source, readable(source));
  return known.get(source)?.tell(key);
}

function readable(source: string): Pattern | undefined {
  try {
    return new Pattern(source);
  } catch {
    return undefined;
  }
}

/** The same for ajv's option `code.regExp`. */
export const patterns = Object.assign((source: string) => new Pattern(source), {
  code: "new RegExp", // Of code that ajv would write into a file, which nobody has it do.
});

let room: { work: (() => unknown) | undefined } | undefined;
let script: Script | undefined;

/**
 * Does what others' texts may make endless, in this thread.
 *
 * @param ms whole milliseconds, 1 or more
 * @returns undefined where it took longer, and was given up in the middle of it
 */
export function withinTime<T>(work: () => T, ms: number): { result: T } | undefined {
  // Only what runs in a context can be interrupted.
  room ??= createContext({ work: undefined }) as { work: undefined };
  script ??= new Script("work()");
  const around = room.work;
  room.work = work;
  try {
    return { result: script.runInContext(room, { timeout: ms }) as T };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return undefined;
  } finally {
    room.work = around;
  }
}
