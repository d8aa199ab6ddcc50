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
    return [...(this.#byDeclaration.get(declaration({ kind, declaredAs }))?.values() ?? [])];
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
