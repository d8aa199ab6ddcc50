import { createContext, Script } from "node:vm";

const LIMIT_MS = 100;

/**
 * A regular expression that somebody else has written, in a connector's specification say. One that would try for ever is given up after
 * 100 ms, and then matches: what can't be told in that time is no mistake.
 */
export class Pattern {
  readonly #expression: RegExp;

  /** @throws SyntaxError where it is none. */
  constructor(source: string, flags = "u") {
    this.#expression = new RegExp(source, flags);
  }

  /** ajv tells patterns apart by it. */
  toString(): string {
    return String(this.#expression);
  }

  test(text: string): boolean {
    Object.assign(room, { expression: this.#expression, text });
    try {
      return trial.runInContext(room, { timeout: LIMIT_MS }) as boolean;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return true;
      throw error;
    }
  }
}

// Only code that runs in a context can be interrupted.
const room = createContext({}) as Record<string, unknown>;
const trial = new Script("expression.test(text)");

/** The same for ajv's option `code.regExp`. */
export const patterns = Object.assign((source: string, flags: string) => new Pattern(source, flags), {
  code: "new RegExp", // Of code that ajv would write into a file, which nobody has it do.
});
