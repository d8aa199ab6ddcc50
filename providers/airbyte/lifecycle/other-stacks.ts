import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { IntentRecords, Journal, type Entry } from "./journal.ts";

interface Stack {
  /** Its journal, by an absolute path. */
  journal: string;
  /** The folder of its project. */
  project: string;
}

/**
 * The journals of the other stacks on this machine: those of the same project lie beside a stack's own, those of other projects are in a
 * register in the user's cache folder (a file for each, with two paths in it). Airbyte itself doesn't tell whose an object is.
 */
export class OtherStacks {
  readonly #register: string | undefined;
  readonly #own: Stack;
  #others: { stack: Stack; records: IntentRecords }[] | undefined;

  /**
   * @param cacheFolder undefined where there is none that could be trusted: then only stacks of the same project are known.
   * @param journal of the stack itself; relative to the project, which is the working directory
   */
  constructor(cacheFolder: string | undefined, journal: string) {
    this.#register = cacheFolder === undefined ? undefined : join(cacheFolder, "stacks");
    this.#own = { journal: resolve(journal), project: process.cwd() };
  }

  /** Lets other projects' stacks find this one. */
  enter(): void {
    if (this.#register === undefined) return;
    const text = JSON.stringify(this.#own);
    const file = join(this.#register, createHash("sha256").update(this.#own.journal).digest("hex").slice(0, 32));
    try {
      if (contentOf(file) === text) return;
      mkdirSync(this.#register, { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode: 0o600 });
    } catch {
      // What is kept here serves a warning only.
    }
  }

  /** Another stack that has made this object, or taken it over: in words; undefined where none is known. */
  holderOf(id: string): string | undefined {
    this.#others ??= this.#find().map((stack) => ({ stack, records: recordsOf(stack) }));
    for (const { stack, records } of this.#others) {
      const intent = records.withId(id);
      if (!intent) continue;
      const place = stack.project === this.#own.project ? "this project" : `the project in ${stack.project}`;
      return `the stack "${intent.declaredAs.split("/")[0] ?? ""}" of ${place}`;
    }
    return undefined;
  }

  #find(): Stack[] {
    const own = real(this.#own.journal);
    const found = new Map<string, Stack>();
    for (const stack of [...besides(this.#own.journal), ...registered(this.#register)]) {
      const journal = real(stack.journal);
      if (journal !== undefined && journal !== own && !found.has(journal)) found.set(journal, stack);
    }
    return [...found.values()];
  }
}

/** Where a stack's folder isn't the one of its name, what lies beside it is nobody's. */
function besides(journal: string): Stack[] {
  const folder = dirname(dirname(journal));
  if (basename(folder) !== ".airbyte") return [];
  return namesIn(folder).map((name) => ({ journal: join(folder, name, basename(journal)), project: dirname(folder) }));
}

function registered(register: string | undefined): Stack[] {
  if (register === undefined) return [];
  return namesIn(register).flatMap((name) => {
    try {
      const { journal, project } = JSON.parse(contentOf(join(register, name)) ?? "") as Partial<Stack>;
      return typeof journal === "string" && typeof project === "string" ? [{ journal, project }] : [];
    } catch {
      return [];
    }
  });
}

function recordsOf({ journal }: Stack): IntentRecords {
  const records = new IntentRecords();
  try {
    for (const entry of new Journal<Entry>(journal).load()) records.apply(entry);
  } catch {
    // One that can't be read tells nothing.
  }
  return records;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Where it really lies: a renamed stack leaves a link. */
function real(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
