import type { ActorKind, AirbyteApi } from "../api/airbyte-api.ts";
import type { ObjectCalls } from "../api/object-calls.ts";
import { unlessDeprecated, unlessGone, type Actor, type Connection, type DiscoveredStream } from "../api/types.ts";
import { WAIT } from "../api/waits.ts";
import { UNKNOWN } from "./canonical.ts";
import { Manifests } from "./manifests.ts";

/** A page of Airbyte's lists is read for so many objects that are asked for: a small stack in a large workspace reads one by one. */
const READS_PER_PAGE = 4;

/**
 * Reads of single objects by many resources, as in a refresh, answered from pages of their list: about N/100 calls in place of N. What the
 * list doesn't show is asked for by its id, so nothing counts as gone because of a list: it leaves out what was deleted, has no order,
 * and an object may slip from one page to another.
 */
export class Reads {
  readonly #api: AirbyteApi;
  /** By the key of the list, which says what it is of. */
  readonly #lists = new Map<string, unknown>();
  #since = Date.now();

  constructor(api: AirbyteApi) {
    this.#api = api;
  }

  /** undefined when it is gone, as `AirbyteApi.getActor`. */
  actor(kind: ActorKind, id: string, workspaceId: string): Promise<Actor | undefined> {
    const pages = () => this.#api.pagesOfActors(kind, workspaceId);
    const listed = this.#listed<Actor>(`${kind} ${workspaceId}`, pages, (actor) => unlessGone(actor)?.id);
    return listed.read(id, () => this.#api.getActor(kind, id, workspaceId));
  }

  /** undefined when it is gone, as `AirbyteApi.getConnection`. */
  connection(id: string, workspaceId: string): Promise<Connection | undefined> {
    const pages = () => this.#api.pagesOfConnections(workspaceId);
    const idOf = (connection: Connection) => unlessDeprecated(connection)?.connectionId;
    const listed = this.#listed(`connection ${workspaceId}`, pages, idOf);
    return listed.read(id, () => this.#api.getConnection(id, workspaceId));
  }

  /** undefined when it is gone, as `ObjectCalls.get`. */
  object<T extends { id: string }, Scope extends object>(
    calls: Pick<ObjectCalls<T, Scope, Scope>, "get" | "listing">,
    id: string,
    scope: Scope,
  ): Promise<T | undefined> {
    const listing = calls.listing?.(scope);
    if (!listing) return calls.get(id, scope);
    return this.#listed<T>(listing.key, listing.pages, (object) => object.id).read(id, () => calls.get(id, scope));
  }

  /** All of a list, asked for once by however many resources want to know who is in it. */
  all<T>(key: string, list: () => Promise<T[]>): Promise<T[]> {
    this.#forgetWhatIsOld();
    const known = this.#lists.get(`all ${key}`) as Promise<T[]> | undefined;
    if (known) return known;
    const listed = list();
    this.#lists.set(`all ${key}`, listed);
    listed.catch(() => this.#lists.delete(`all ${key}`));
    return listed;
  }

  /** This process has changed something, or what lists have shown is too old. */
  forget(): void {
    this.#lists.clear();
    this.#since = Date.now();
  }

  #forgetWhatIsOld(): void {
    if (Date.now() - this.#since > WAIT.readsGoodForMs) this.forget();
  }

  #listed<T>(key: string, pages: () => AsyncIterable<T[]>, idOf: (item: T) => string | undefined): ListedReads<T> {
    this.#forgetWhatIsOld();
    let listed = this.#lists.get(key) as ListedReads<T> | undefined;
    if (!listed) this.#lists.set(key, (listed = new ListedReads(pages, idOf)));
    return listed;
  }
}

/** The objects of one list, as far as it has been read. */
class ListedReads<T> {
  readonly #open: () => AsyncIterator<T[]>;
  readonly #idOf: (item: T) => string | undefined;
  readonly #found = new Map<string, T>();
  #pages: AsyncIterator<T[]> | undefined;
  #reading: Promise<void> | undefined;
  #asked = 0;
  #pagesRead = 0;
  #ended = false;

  /** @param idOf undefined for what counts as gone. */
  constructor(pages: () => AsyncIterable<T[]>, idOf: (item: T) => string | undefined) {
    this.#open = () => pages()[Symbol.asyncIterator]();
    this.#idOf = idOf;
  }

  async read(id: string, alone: () => Promise<T | undefined>): Promise<T | undefined> {
    this.#asked += 1;
    // Those that are asked for at the same time count before a page is thought of.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#found.has(id) && this.#isWorthAPage()) {
      await (this.#reading ??= this.#readPage().finally(() => (this.#reading = undefined)));
    }
    return this.#found.get(id) ?? alone();
  }

  #isWorthAPage(): boolean {
    return !this.#ended && this.#pagesRead < Math.floor(this.#asked / READS_PER_PAGE);
  }

  async #readPage(): Promise<void> {
    this.#pages ??= this.#open();
    this.#pagesRead += 1;
    // What a list can't tell, the reads by id will, each in its own words.
    const page = await this.#pages.next().catch(() => undefined);
    this.#ended = !page || page.done === true;
    if (!page || page.done) return;
    for (const item of page.value) {
      const id = this.#idOf(item);
      if (id !== undefined) this.#found.set(id, item);
    }
  }
}

/** What a source offers depends on where it goes. */
export function offerKey(sourceId: string, destinationId: string): string {
  return `${sourceId} ${destinationId}`;
}

/** What sources offer, asked for once a process: a discovery makes Airbyte run the connector, and may take minutes. */
export class Discovery {
  readonly #api: Pick<AirbyteApi, "discoverStreams">;
  readonly #found = new Map<string, Promise<DiscoveredStream[]>>();
  readonly #fresh = new Set<string>();
  readonly #results: Record<string, DiscoveredStream[]> = {};
  readonly manifests: Manifests;

  /** @param known what was found out in this run already, by {@link offerKey} */
  constructor(
    api: Pick<AirbyteApi, "discoverStreams">,
    known: Record<string, DiscoveredStream[]> = {},
    manifests = new Manifests(),
  ) {
    this.#api = api;
    this.manifests = manifests;
    for (const [key, streams] of Object.entries(known)) this.#found.set(key, Promise.resolve(streams));
  }

  /** @param destinationId where it is not known yet, the streams come without possible sync modes. */
  streams(sourceId: string, destinationId: string): Promise<DiscoveredStream[]> {
    return this.#discover(sourceId, destinationId, false);
  }

  /** What the source offers now, whatever Airbyte remembers of an earlier discovery. */
  afresh(sourceId: string, destinationId: string): Promise<DiscoveredStream[]> {
    return this.#discover(sourceId, destinationId, true);
  }

  /** What was found out in this process, by {@link offerKey}. */
  found(): Record<string, DiscoveredStream[]> {
    return this.#results;
  }

  #discover(sourceId: string, destinationId: string, afresh: boolean): Promise<DiscoveredStream[]> {
    const key = offerKey(sourceId, destinationId);
    const known = this.#found.get(key);
    // Airbyte remembers what a source offers for all its connections, so one fresh look at it is enough.
    const again = afresh && !this.#fresh.has(sourceId);
    if (known && !again) return known;
    if (afresh) this.#fresh.add(sourceId);
    const found = this.#api.discoverStreams(sourceId, destinationId === UNKNOWN ? undefined : destinationId, again);
    this.#found.set(key, found);
    found.then(
      (streams) => (this.#results[key] = streams),
      () => {
        this.#found.delete(key);
        this.#fresh.delete(sourceId);
      },
    );
    return found;
  }
}
