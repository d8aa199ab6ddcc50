import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { WAIT } from "../api/waits.ts";
import { InFlight } from "../api/in-flight.ts";
import { IntentRecords, Journal, type Entry, type Intent, type Intention } from "./journal.ts";
import type { OtherStacks } from "./other-stacks.ts";

export type { Intent, Intention };

/**
 * Write-ahead intents: before each creation the provider notes what it is about to create, and the id when it has it.
 * Airbyte's names are not unique and its API knows no idempotency key, so this journal is what keeps a lost answer, or
 * a process that was killed, from leading to a second object.
 *
 * An id counts as confirmed once Pulumi shows that its state holds it (it asks for a diff, a read, an update).
 */
export class Intents {
  readonly inFlight: InFlight;
  readonly #journal: Journal<Entry>;
  readonly #records = new IntentRecords();
  readonly #longestCallMs: number;
  readonly #others: OtherStacks | undefined;
  #lines: number;

  /**
   * @param file the journal, in the folder that this machine keeps for the stack.
   * @param longestCallMs how long another process may be busy with one creation.
   * @param inFlight what this process has under way.
   * @param others the other stacks of this machine, where somebody wants to know of them.
   */
  constructor(
    file: string,
    longestCallMs: number = WAIT.call.runsConnectorMs,
    inFlight = new InFlight(),
    others?: OtherStacks,
  ) {
    this.inFlight = inFlight;
    this.#others = others;
    this.#journal = new Journal<Entry>(file);
    this.#longestCallMs = longestCallMs;
    const lines = this.#journal.load();
    for (const entry of lines) this.#records.apply(entry);
    this.#lines = lines.length;
    if (lines.length > 0) others?.enter();
  }

  /** What is noted under earlier names of a declaration belongs to it too: it was renamed, in files or by aliases. */
  renamed(kind: string, { declaredAs, declaredBefore }: { declaredAs: string; declaredBefore?: string[] }): void {
    // In a preview they may not be known yet.
    if (Array.isArray(declaredBefore)) this.#records.renamed(kind, declaredAs, declaredBefore);
  }

  /** Notes that a creation begins; on disk when this resolves. */
  async begin(intention: Intention, serverTime: number): Promise<Intent> {
    this.#compactOnce();
    if (this.#records.size === 0) this.#others?.enter();
    const own = { pid: process.pid, started: startOf(process.pid) };
    const intent: Intent = { ...intention, number: randomUUID(), at: serverTime, ...own };
    await this.#write({ op: "begin", intent }, { durable: true });
    return intent;
  }

  created(intent: Intent, id: string): Promise<void> {
    return this.#write({ op: "created", number: intent.number, id });
  }

  /** Nothing came of it, for certain. */
  abandon(intent: Intent): Promise<void> {
    return this.#write({ op: "abandoned", number: intent.number });
  }

  /** The state holds this id. */
  async confirm(id: string): Promise<void> {
    const record = this.#records.withId(id);
    if (record && !record.confirmed) await this.#write({ op: "confirmed", id });
  }

  /** A person has been told of it, and isn't told again. It is taken over all the same when it is declared again. */
  tell(intent: Intent): Promise<void> {
    return this.#write({ op: "told", number: intent.number });
  }

  async deleted(id: string): Promise<void> {
    if (this.#records.withId(id)) await this.#write({ op: "deleted", id });
  }

  /** The stack was destroyed and its Airbyte's data were kept: the state holds nothing of what is there, and takes it over again. */
  async release(): Promise<void> {
    if (this.#records.size > 0) await this.#write({ op: "released" });
  }

  /** What is in this Airbyte at this time (its own clock, epoch milliseconds) is an earlier life's of the stack, and is taken over by its names. */
  async inherit(at: number): Promise<void> {
    await this.#write({ op: "inherited", at });
  }

  /** Until when objects in this Airbyte are an earlier life's of the stack; undefined where none are. */
  inheritedUntil(): number | undefined {
    return this.#records.inheritedAt;
  }

  /**
   * The state holds some object for this declaration, which id is not said: when the journal knows exactly one object
   * that it can be, that one is confirmed.
   */
  async confirmDeclared(kind: string, declaredAs: string, identity: Record<string, string>): Promise<void> {
    const known = this.#records
      .of(kind, declaredAs)
      .filter((intent) => intent.id !== undefined && isSame(intent, identity));
    if (known.length === 1 && known[0]?.id !== undefined) await this.confirm(known[0].id);
  }

  /** True when the state is known to hold this id. */
  isConfirmed(id: string): boolean {
    return this.#records.withId(id)?.confirmed === true;
  }

  /** Whether anything was ever made here, as far as this machine knows. */
  get isUsed(): boolean {
    return this.#records.size > 0;
  }

  /** What was made last for a declaration, as far as this machine knows. */
  madeFor(kind: string, declaredAs: string): Intent | undefined {
    return this.#records.of(kind, declaredAs).findLast(({ id }) => id !== undefined);
  }

  /** Every creation noted for a declaration whose object the state is not known to hold. */
  pending(kind: string, declaredAs: string): Intent[] {
    return this.#records.of(kind, declaredAs).filter(({ confirmed }) => !confirmed);
  }

  /** Of those, what is neither this object nor has been told to a person. */
  leftovers(kind: string, declaredAs: string, own: string): Intent[] {
    return this.pending(kind, declaredAs).filter(({ id, told }) => id !== own && !told);
  }

  /** What is pending of all declarations, those included that are no longer there. */
  unconfirmed(): Intent[] {
    return this.#records.all().filter((intent) => !intent.confirmed);
  }

  /** Of some objects, those that no noted creation has made. */
  unclaimed<T>(objects: T[], id: (object: T) => string): T[] {
    return objects.filter((object) => !this.#records.withId(id(object)));
  }

  /** Another stack of this machine that has the object, in words; undefined where none is known. */
  heldElsewhere(id: string): string | undefined {
    return this.#others?.holderOf(id);
  }

  /** Waits while the process that noted an unfinished intent is still alive: its call may be under way. */
  async settle(intent: Intent, tell: (line: string) => void): Promise<Intent | undefined> {
    const limit = Date.now() + this.#longestCallMs;
    for (let waited = 0; isUnderWay(intent) && Date.now() < limit; waited++) {
      if (waited === WAIT.otherRun.sayAfterLooks)
        tell(`Waiting for an earlier run (process ${intent.pid}) that still creates ${intent.kind} "${intent.name}".`);
      await sleep(WAIT.otherRun.lookEveryMs);
      this.inFlight.assertOpen();
      // Only the lines about this one: own lines may still be on their way to the disk.
      for (const entry of this.#journal.load()) if (isAbout(entry, intent)) this.#records.apply(entry);
      const now = this.#records.get(intent.number);
      if (now?.id !== undefined || now === undefined) return now;
    }
    return this.#records.get(intent.number);
  }

  // A preview may read the journal at the same time, but only a run that creates may write it anew: it holds the lock of
  // the stack, so no intent can come in between.
  #compactOnce(): void {
    if (this.#lines > 100 && this.#lines > 4 * this.#records.size) this.#journal.rewrite(this.#records.entries());
    this.#lines = 0;
  }

  async #write(entry: Entry, options?: { durable: boolean }): Promise<void> {
    this.#records.apply(entry);
    await this.#journal.append(entry, options);
  }
}

export function isSame(intent: Intent, identity: Record<string, string>): boolean {
  return Object.entries(identity).every(([key, value]) => intent.identity[key] === value);
}

function isAbout(entry: Entry, { number }: Intent): boolean {
  if (entry.op === "begin") return entry.intent.number === number;
  return (entry.op === "created" || entry.op === "abandoned") && entry.number === number;
}

function isUnderWay({ pid, started }: Intent): boolean {
  return pid !== process.pid && started !== undefined && startOf(pid) === started;
}

/** When a process was started, in the system's own count; undefined where there is no such process, or no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
