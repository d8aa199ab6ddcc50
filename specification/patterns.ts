import { createContext, Script } from "node:vm";

/** So long may a pattern think about one text, in milliseconds. */
const PATIENCE_MS = 100;

/** A pattern that can't think for long: no group, and one repetition at most. */
const SIMPLE = /^[^()*+{?]*[*+{?]?[^()*+{?]*$/;

/**
 * A regular expression of somebody else, in a connector's specification say. One that never ends (`^(a+)+$`) is given up, and matches from
 * then on: what can't be told is no mistake, and hides no secret.
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

  test(text: string): boolean {
    if (this.#isTooSlow) return true;
    if (this.#isSimple) return this.#expression.test(text);
    try {
      return withinTime(this.#expression, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      return (this.#isTooSlow = true);
    }
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

let room: { expression?: RegExp; text?: string } | undefined;
let trial: Script | undefined;

// Only what runs in a context can be interrupted.
function withinTime(expression: RegExp, text: string): boolean {
  room ??= createContext({}) as object;
  trial ??= new Script("expression.test(text)");
  Object.assign(room, { expression, text });
  return trial.runInContext(room, { timeout: PATIENCE_MS }) as boolean;
}

const known = new Map<string, Pattern | undefined>();

/** Whether a key matches a pattern. Where that can't be told, as the pattern can't be read, it may. */
export function mayMatch(source: string, key: string): boolean {
  if (!known.has(source)) known.set(source, readable(source));
  return known.get(source)?.test(key) ?? true;
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
