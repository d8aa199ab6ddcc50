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
  Region,
  Tag,
  User,
  Workspace,
} from "./state.ts";

/** An object, and its JSON. */
interface Kept<T> {
  item: T;
  text: string;
}

/**
 * Objects of one kind, by id, in the order in which they were made. Each is kept with its JSON: what has none is refused before anything
 * else learns of it, and the file is put together from what is there already.
 */
class Collection<T extends { id: string | number }> {
  #items = new Map<T["id"], Kept<T>>();
  /** As they are on disk. */
  #saved: ReadonlyMap<T["id"], Kept<T>> = new Map();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get(id: T["id"]): T | undefined {
    return this.#items.get(id)?.item;
  }

  all(): T[] {
    return [...this.#items.values()].map(({ item }) => item);
  }

  put(item: T): T {
    this.#items.set(item.id, { item, text: JSON.stringify(item) });
    this.#changed();
    return item;
  }

  remove(id: T["id"]): void {
    if (this.#items.delete(id)) this.#changed();
  }

  /** With what the file holds. */
  fill(items: T[]): void {
    this.#items = new Map(items.map((item) => [item.id, { item, text: JSON.stringify(item) }]));
    this.#saved = new Map(this.#items);
  }

  /** All of them as a JSON array, and what to call once that is on disk. */
  snapshot(): { text: string; saved: () => void } {
    const items = new Map(this.#items);
    const text = `[${[...items.values()].map((kept) => kept.text).join(",")}]`;
    return { text, saved: () => (this.#saved = items) };
  }

  /** Goes back to what is on disk. */
  restore(): void {
    this.#items = new Map(this.#saved);
  }
}

/**
 * Everything the server knows: in memory, and in one JSON file.
 *
 * The file is replaced as a whole and atomically. Changes made while a write is under way share the next one, so the
 * number of writes stays small however many requests arrive at once. What could not be written is not believed either:
 * memory goes back to what is on disk, and whoever waited for the write is told.
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
  readonly regions = this.#collection<Region>();
  readonly permissions = this.#collection<Permission>();

  readonly #file: string | null;
  /** How often something was changed, and up to which change all is on disk, or given up. */
  #changes = 0;
  #settled = 0;
  #writing: Promise<void> | null = null;

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

  /** Resolves once everything that was changed before the call is on disk; rejects where it can't be written, and is undone then. */
  async save(): Promise<void> {
    const upTo = this.#changes;
    // A write under way may hold changes of this request.
    while (this.#writing || this.#settled < upTo) {
      this.#writing ??= this.#write().finally(() => (this.#writing = null));
      await this.#writing;
      if (this.#settled >= upTo) return;
    }
  }

  async #write(): Promise<void> {
    const upTo = this.#changes;
    const collections = this.#collections();
    const snapshots = collections.map(([name, collection]) => ({ name, ...collection.snapshot() }));
    const text = `{${snapshots.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
    try {
      if (this.#file !== null) await writeFileAtomic(this.#file, text, { mode: 0o600 });
      for (const { saved } of snapshots) saved();
      this.#settled = upTo;
    } catch (error) {
      for (const [, collection] of collections) collection.restore();
      this.#settled = this.#changes;
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
