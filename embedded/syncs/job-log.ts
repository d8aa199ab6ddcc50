import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const maxConnectorBytes = 1024 * 1024;

/**
 * The log of one job: a file in the data folder, for its owner alone; in memory where nothing is to be on disk.
 * What connectors say is kept up to a megabyte; what the server says is always kept.
 */
export class JobLog {
  readonly #file: string | null;
  readonly #lines: string[] = [];
  #connectorBytes = 0;
  #left = 0;
  /** Takes the secrets out of what is written. */
  masking: (text: string) => string = (text) => text;

  constructor(file: string | null) {
    this.#file = file;
  }

  say(text: string): void {
    this.#write(text);
  }

  /** `source > INFO …`, as Airbyte marks where a line comes from. */
  connector(who: "source" | "destination", level: string, text: string): void {
    this.#connectorBytes += text.length;
    if (this.#connectorBytes > maxConnectorBytes) this.#left += 1;
    else this.#write(`${who} > ${level} ${text}`);
  }

  /** How many lines of connectors were too many. */
  end(): void {
    if (this.#left > 0) this.#write(`${this.#left} more lines of the connectors are left out`);
    this.#left = 0;
  }

  #write(text: string): void {
    const at = new Date().toISOString();
    const lines = this.masking(text)
      .split("\n")
      .map((line) => `${at} ${line}`);
    if (this.#file === null) {
      this.#lines.push(...lines);
      return;
    }
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    appendFileSync(this.#file, lines.join("\n") + "\n", { mode: 0o600 });
  }

  lines(): string[] {
    if (this.#file === null) return [...this.#lines];
    try {
      return readFileSync(this.#file, "utf8").trimEnd().split("\n");
    } catch {
      return [];
    }
  }
}

/** The logs of all jobs. */
export class JobLogs {
  readonly #folder: string | null;
  readonly #open = new Map<number, JobLog>();

  constructor(folder: string | null) {
    this.#folder = folder;
  }

  of(jobId: number): JobLog {
    const known = this.#open.get(jobId);
    if (known) return known;
    const log = new JobLog(this.#folder === null ? null : join(this.#folder, `${jobId}.log`));
    this.#open.set(jobId, log);
    return log;
  }

  /** A new job must not go on with the log of an older one of that number. */
  start(jobId: number): JobLog {
    this.#open.delete(jobId);
    if (this.#folder !== null) rmSync(join(this.#folder, `${jobId}.log`), { force: true });
    return this.of(jobId);
  }
}
