import { readFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type {
  Actor,
  Application,
  BuilderProject,
  Connection,
  ConnectionState,
  CustomDefinition,
  Job,
  Organization,
  Permission,
  Tag,
  User,
  Workspace,
} from "./state.ts";

/** Objects of one kind, by id, in the order in which they were made. */
export class Collection<T extends { id: string | number }> {
  readonly #items = new Map<T["id"], T>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get(id: T["id"]): T | undefined {
    return this.#items.get(id);
  }

  all(): T[] {
    return [...this.#items.values()];
  }

  put(item: T): T {
    this.#items.set(item.id, item);
    this.#changed();
    return item;
  }

  remove(id: T["id"]): void {
    if (this.#items.delete(id)) this.#changed();
  }

  fill(items: T[]): void {
    for (const item of items) this.#items.set(item.id, item);
  }
}

/**
 * Everything the server knows: in memory, and in one JSON file.
 *
 * The file is replaced as a whole and atomically. Changes made while a write is under way share the next one, so the
 * number of writes stays small however many requests arrive at once.
 */
export class Store {
  readonly organizations = this.#collection<Organization>();
  readonly users = this.#collection<User>();
  readonly workspaces = this.#collection<Workspace>();
  readonly sources = this.#collection<Actor>();
  readonly destinations = this.#collection<Actor>();
  readonly connections = this.#collection<Connection>();
  readonly states = this.#collection<ConnectionState>();
  readonly tags = this.#collection<Tag>();
  readonly jobs = this.#collection<Job>();
  readonly definitions = this.#collection<CustomDefinition>();
  readonly builderProjects = this.#collection<BuilderProject>();
  readonly applications = this.#collection<Application>();
  readonly permissions = this.#collection<Permission>();

  readonly #file: string | null;
  #changes = 0;
  #savedChanges = 0;
  #writing: Promise<void> | null = null;
  #queued: Promise<void> | null = null;

  /** `file: null` keeps the data in memory only. */
  constructor(file: string | null) {
    this.#file = file;
  }

  static inFolder(dataDir: string, persist: boolean): Store {
    return new Store(persist ? join(dataDir, "data.json") : null);
  }

  /** Reads the file; a missing one is an empty store. */
  async load(): Promise<void> {
    if (this.#file === null) return;
    const text = await readFile(this.#file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null) return;
    let data: Record<string, never[]>;
    try {
      data = JSON.parse(text) as Record<string, never[]>;
    } catch (error) {
      throw new Error(`The data of the embedded Airbyte cannot be read: ${this.#file} is not valid JSON`, {
        cause: error,
      });
    }
    for (const [name, collection] of this.#collections()) collection.fill(data[name] ?? []);
  }

  /** Resolves once everything that was changed before the call is on disk. */
  async save(): Promise<void> {
    if (this.#file === null || this.#savedChanges === this.#changes) {
      // A write under way may hold changes of this request that are not on disk yet.
      await this.#writing;
      return;
    }
    this.#queued ??= this.#writeNext();
    await this.#queued;
  }

  async #writeNext(): Promise<void> {
    await this.#writing?.catch(() => undefined);
    this.#queued = null;
    const write = this.#write();
    this.#writing = write;
    try {
      await write;
    } finally {
      if (this.#writing === write) this.#writing = null;
    }
  }

  async #write(): Promise<void> {
    const before = this.#savedChanges;
    this.#savedChanges = this.#changes;
    const data = Object.fromEntries(this.#collections().map(([name, collection]) => [name, collection.all()]));
    try {
      if (this.#file !== null) await writeFileAtomic(this.#file, JSON.stringify(data), { mode: 0o600 });
    } catch (error) {
      this.#savedChanges = before;
      throw error;
    }
  }

  #collections(): [string, Collection<{ id: string | number }>][] {
    return Object.entries(this).filter(
      (entry): entry is [string, Collection<{ id: string | number }>] => entry[1] instanceof Collection,
    );
  }

  #collection<T extends { id: string | number }>(): Collection<T> {
    return new Collection<T>(() => {
      this.#changes += 1;
    });
  }
}
