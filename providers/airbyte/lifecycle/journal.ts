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

/** What is about to be created: enough to find the object again, and no secret. */
export interface Intention {
  kind: string;
  /** `STACK/NAME` in the program. */
  declaredAs: string;
  workspaceId: string;
  name: string;
  /** What makes the object this one and no other: definition id, or the ids of source and destination. */
  identity: Record<string, string>;
  /** Ids of what was alike before, for kinds of which Airbyte doesn't tell when an object was created. */
  before?: string[];
}

/** An intention in the journal. */
export interface Intent extends Intention {
  number: string;
  /** The server's clock when it was noted, in epoch milliseconds. */
  at: number;
  /** The process that noted it. */
  pid: number;
  /** When that process was started, where the system tells: a pid alone may be somebody else's by now. */
  started?: string | undefined;
  /** The object's id, once the server has said it. */
  id?: string;
  /** The state of the stack is known to hold the id. */
  confirmed?: boolean;
  /** A person has been told that it is in Airbyte and no longer declared. */
  told?: boolean;
}

/** One line of the journal. */
export type Entry =
  | { op: "begin"; intent: Intent }
  | { op: "created"; number: string; id: string }
  | { op: "abandoned"; number: string }
  | { op: "confirmed"; id: string }
  | { op: "told"; number: string }
  | { op: "deleted"; id: string }
  | { op: "released" }
  | { op: "inherited"; at: number };

/** What the lines of the journal come to: each noted creation as it stands now. */
export class IntentRecords {
  readonly #byNumber = new Map<string, Intent>();
  readonly #byId = new Map<string, Intent>();
  /** Looked through for every resource of a run, which with thousands of them must not be all records. */
  readonly #byDeclaration = new Map<string, Map<string, Intent>>();
  /** Earlier names of declarations that were renamed. The program says them in every run, so the file doesn't. */
  readonly #before = new Map<string, readonly string[]>();
  #inheritedAt: number | undefined;

  get size(): number {
    return this.#byNumber.size;
  }

  get inheritedAt(): number | undefined {
    return this.#inheritedAt;
  }

  get(number: string): Intent | undefined {
    return this.#byNumber.get(number);
  }

  withId(id: string): Intent | undefined {
    return this.#byId.get(id);
  }

  of(kind: string, declaredAs: string): Intent[] {
    const key = declaration({ kind, declaredAs });
    const names = [...(this.#before.get(key) ?? []), key];
    return names.flatMap((name) => [...(this.#byDeclaration.get(name)?.values() ?? [])]);
  }

  renamed(kind: string, declaredAs: string, before: readonly string[]): void {
    const names = before.filter((name) => name !== declaredAs).map((name) => declaration({ kind, declaredAs: name }));
    this.#before.set(declaration({ kind, declaredAs }), [...new Set(names)]);
  }

  all(): Intent[] {
    return [...this.#byNumber.values()];
  }

  apply(entry: Entry): void {
    switch (entry.op) {
      case "begin":
        return this.#remember(entry.intent, {});
      case "created":
        return this.#remember(this.#byNumber.get(entry.number), { id: entry.id });
      case "abandoned":
        return this.#forget(this.#byNumber.get(entry.number));
      case "confirmed":
        return this.#remember(this.#byId.get(entry.id), { confirmed: true });
      case "deleted":
        return this.#forget(this.#byId.get(entry.id));
      case "told":
        return this.#remember(this.#byNumber.get(entry.number), { told: true });
      case "released":
        for (const record of this.all()) this.#remember(record, { confirmed: false });
        return;
      case "inherited":
        this.#inheritedAt = entry.at;
    }
  }

  /** The fewest lines that come to the same. */
  entries(): Entry[] {
    const inherited: Entry[] = this.#inheritedAt === undefined ? [] : [{ op: "inherited", at: this.#inheritedAt }];
    return [...inherited, ...this.all().map((intent): Entry => ({ op: "begin", intent }))];
  }

  #remember(record: Intent | undefined, change: Partial<Intent>): void {
    if (!record) return;
    const intent = { ...record, ...change };
    this.#byNumber.set(intent.number, intent);
    if (intent.id !== undefined) this.#byId.set(intent.id, intent);
    const key = declaration(intent);
    const alike = this.#byDeclaration.get(key);
    if (alike) alike.set(intent.number, intent);
    else this.#byDeclaration.set(key, new Map([[intent.number, intent]]));
  }

  #forget(record: Intent | undefined): void {
    if (!record) return;
    this.#byNumber.delete(record.number);
    // A later creation may have taken the same object over.
    if (record.id !== undefined && this.#byId.get(record.id)?.number === record.number) this.#byId.delete(record.id);
    this.#byDeclaration.get(declaration(record))?.delete(record.number);
  }
}

function declaration({ kind, declaredAs }: Pick<Intent, "kind" | "declaredAs">): string {
  return `${kind} ${declaredAs}`;
}
