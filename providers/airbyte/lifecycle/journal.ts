import { appendFile, closeSync, fdatasync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { sync as writeFileAtomicSync } from "write-file-atomic";
import { UserError } from "../../../errors/user-error.ts";

const appendTo = promisify(appendFile);
const syncToDisk = promisify(fdatasync);

interface Waiting {
  line: string;
  durable: boolean;
  done: () => void;
  failed: (error: unknown) => void;
}

/** A file of JSON lines, only ever appended to; a line that a crash cut short is passed over. */
export class Journal<Entry> {
  readonly #file: string;
  #descriptor: number | undefined;
  #queue: Waiting[] = [];
  #writing = false;
  /** Ends a line that a crash cut short, so that the next one stands by itself. */
  #mend = "";

  constructor(file: string) {
    this.#file = file;
  }

  /** All entries of the file; none where there is no file. */
  load(): Entry[] {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw this.#explain(error);
    }
    this.#mend = text === "" || text.endsWith("\n") ? "" : "\n";
    return text.split("\n").flatMap((line) => {
      try {
        return [JSON.parse(line) as Entry];
      } catch {
        return [];
      }
    });
  }

  /** Appends an entry. With `durable`, it is on the disk when this resolves; entries that wait share one sync. */
  append(entry: Entry, { durable = false } = {}): Promise<void> {
    return new Promise((done, failed) => {
      this.#queue.push({ line: `${JSON.stringify(entry)}\n`, durable, done, failed });
      if (!this.#writing) void this.#drain();
    });
  }

  /** Puts the entries in the file's place. They hold what was appended so far, also what is on its way to the disk. */
  rewrite(entries: Entry[]): void {
    writeFileAtomicSync(this.#file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
    this.#mend = "";
    // An open file is still the one that was replaced, and what is appended to it would be lost.
    const replaced = this.#descriptor;
    this.#descriptor = undefined;
    if (replaced !== undefined && !this.#writing) closeSync(replaced);
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        const descriptor = (this.#descriptor ??= this.#open());
        await appendTo(descriptor, this.#mend + batch.map((waiting) => waiting.line).join(""));
        this.#mend = "";
        if (batch.some((waiting) => waiting.durable)) await syncToDisk(descriptor);
        for (const waiting of batch) waiting.done();
      } catch (error) {
        for (const waiting of batch) waiting.failed(this.#explain(error));
      }
    }
    this.#writing = false;
  }

  #explain(error: unknown): UserError {
    const reason = error instanceof Error ? error.message : String(error);
    return new UserError(`The journal of unfinished creations can't be used (${this.#file}): ${reason}`, {
      next: `make the folder writable for you, with space left, then run the command again.`,
    });
  }

  #open(): number {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    return openSync(this.#file, "a", 0o600);
  }
}
