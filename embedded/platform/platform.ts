import type { Connector } from "../connectors/connector.ts";
import type { Registry } from "../connectors/registry.ts";
import type { Faults } from "../faults.ts";
import type { JsonObject } from "../json.ts";
import type { ServerOptions } from "../options.ts";
import { notFound } from "../problems.ts";
import type { Actor, Connection, ConnectorKind, Job, Workspace } from "../state.ts";
import type { Store } from "../store.ts";
import type { Discovery } from "./discovery.ts";

/** What a running Airbyte consists of, for what it does. How it is reached, and by whom, is in `instance.ts`. */
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
