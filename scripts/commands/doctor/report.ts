/** What the doctor finds, step by step: one line each, and under the first failure of a kind what to do about it. */
export class Report {
  readonly failures: string[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void = console.log) {
    this.#print = print;
  }

  ok(step: string, found: string): void {
    this.#line("ok", step, found);
  }

  /** Worth knowing, and nothing wrong. */
  info(step: string, found: string): void {
    this.#line("info", step, found);
  }

  /** @param next what to do, as sentences or commands; one line each. */
  fail(step: string, found: string, ...next: string[]): void {
    this.failures.push(step);
    this.#line("FAIL", step, found);
    for (const line of next) this.#line("", "", line);
  }

  /** Steps that make no sense after a failure, or not yet. */
  untried(steps: readonly string[], why: string): void {
    if (steps.length > 0) this.#line("-", steps.join(", "), why);
  }

  /** The last line; returns the exit code. */
  conclude(): number {
    if (this.failures.length === 0) this.#print("\nNothing is wrong.");
    else this.#print(`\nTo mend: ${this.failures.join(", ")}.`);
    return this.failures.length === 0 ? 0 : 1;
  }

  #line(mark: string, step: string, text: string): void {
    const [first = "", ...more] = text.split("\n");
    const lines = [`${mark.padEnd(5)} ${step.padEnd(13)} ${first}`, ...more.map((line) => `${" ".repeat(20)}${line}`)];
    for (const line of lines) this.#print(line.trimEnd());
  }
}
