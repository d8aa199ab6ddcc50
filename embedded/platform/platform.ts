import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ConnectorFailure, type Catalog, type Connector } from "../connectors/connector.ts";
import type { Registry } from "../connectors/registry.ts";
import type { Faults } from "../faults.ts";
import type { JsonObject } from "../json.ts";
import type { ServerOptions } from "../options.ts";
import { notFound, unexpected } from "../problems.ts";
import type { Actor, Connection, ConnectorKind, Job, Workspace } from "../state.ts";
import type { Store } from "../store.ts";

/** What a running Airbyte consists of, for what it does. How it is reached, and by whom, is in `api/requests.ts`. */
export interface Platform {
  options: ServerOptions;
  store: Store;
  registry: Registry;
  discovery: Discovery;
  faults: Faults;
  /** What is under way. The jobs themselves stand on all this. */
  jobs: {
    find(id: number): Job;
    isRunning(connectionId: string): boolean;
    cancelAllOf(connectionId: string): void;
  };
}

export function findWorkspace({ store }: Pick<Platform, "store">, id: string): Workspace {
  const workspace = store.workspaces.get(id);
  if (!workspace || workspace.deleted) throw notFound("workspace", id);
  return workspace;
}

export function actorsOf({ store }: Pick<Platform, "store">, kind: ConnectorKind) {
  return kind === "source" ? store.sources : store.destinations;
}

/** Deleted ones are found as well: Airbyte answers a GET of them with 200 and no configuration. */
export function findActor(platform: Pick<Platform, "store">, kind: ConnectorKind, id: string): Actor {
  const actor = actorsOf(platform, kind).get(id);
  if (!actor) throw notFound(kind, id);
  return actor;
}

export function liveActor(
  platform: Pick<Platform, "store">,
  kind: ConnectorKind,
  id: string,
): Actor & { configuration: JsonObject } {
  const actor = findActor(platform, kind, id);
  const { configuration } = actor;
  if (actor.deleted || !configuration) throw notFound(kind, id);
  return { ...actor, configuration };
}

export function connectorOf(
  { registry }: Pick<Platform, "registry">,
  kind: ConnectorKind,
  definitionId: string,
): Connector {
  const connector = registry.find(kind, definitionId);
  if (!connector) throw notFound(`${kind}_definition`, definitionId);
  return connector;
}

/** Deleted ones are found as well: Airbyte answers a GET of them with 200 and `status: deprecated`. */
export function findConnection({ store }: Pick<Platform, "store">, id: string): Connection {
  const connection = store.connections.get(id);
  if (!connection) throw notFound("connection", id);
  return connection;
}

type Source = Actor & { configuration: JsonObject };

/** Clients look at the streams before they make a connection, which looks again: a failure is worth one wait. */
const failureCountsMs = 5_000;

/**
 * Finds out which streams a source has, and remembers it for as long as its configuration and the connector (its
 * version, and whether it is simulated) stay the same.
 */
export class Discovery {
  readonly #faults: Faults;
  readonly #catalogs = new Map<string, { digest: string; catalog: Catalog }>();
  readonly #running = new Map<string, Promise<Catalog>>();
  readonly #failed = new Map<string, { digest: string; error: ConnectorFailure; at: number }>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** What was found last, whatever the configuration has become since: Airbyte keeps it along with the connection. */
  async lastCatalogOf(source: Source, connector: Connector): Promise<Catalog> {
    return this.#catalogs.get(source.id)?.catalog ?? (await this.catalogOf(source, connector));
  }

  /** Throws a 500 with the connector's own message, whose cause is the ConnectorFailure. */
  async catalogOf(source: Source, connector: Connector, { ignoreCache = false } = {}): Promise<Catalog> {
    const digest = digestOf(source, connector);
    const cached = this.#catalogs.get(source.id);
    if (cached?.digest === digest && !ignoreCache) return cached.catalog;
    const failed = this.#failed.get(source.id);
    if (failed?.digest === digest && !ignoreCache && Date.now() - failed.at < failureCountsMs)
      throw problemOf(failed.error);
    const key = `${source.id} ${digest}`;
    // Whoever asks while the connector is at work waits for the same answer.
    const running = this.#running.get(key) ?? this.#discover(source, connector);
    this.#running.set(key, running);
    try {
      return await running;
    } finally {
      this.#running.delete(key);
    }
  }

  async #discover(source: Source, connector: Connector): Promise<Catalog> {
    const { slowDiscoveryMs, discoverError } = this.#faults.settings;
    if (slowDiscoveryMs) await delay(slowDiscoveryMs);
    try {
      if (discoverError) throw new ConnectorFailure(discoverError);
      this.#failed.delete(source.id);
      const catalog = await connector.discover(source.configuration).catch((error: unknown) => {
        const digest = digestOf(source, connector);
        if (error instanceof ConnectorFailure) this.#failed.set(source.id, { digest, error, at: Date.now() });
        throw error;
      });
      // Only now it is certain whether the connector could be run.
      this.#catalogs.set(source.id, { digest: digestOf(source, connector), catalog });
      return catalog;
    } catch (error) {
      throw problemOf(error);
    }
  }
}

function problemOf(error: unknown) {
  const failureType = error instanceof ConnectorFailure ? error.failureType : "system_error";
  const message = `Something went wrong in the connector. logs:${(error as Error).message}`;
  return unexpected(message, { failureType, cause: error });
}

function digestOf({ configuration }: Source, { definitionId, version, revision, simulated }: Connector): string {
  const known = JSON.stringify([definitionId, version, revision, simulated, configuration]);
  return createHash("sha256").update(known).digest("hex");
}
