import type { AirbyteObjects } from "./objects/object-calls.ts";
import type { Actor, Connection, Definition, DiscoveredStream, JsonObject, Workspace } from "./types.ts";

/** Airbyte calls sources and destinations alike actors. */
export type ActorKind = "source" | "destination";

/** What a source or destination is made of. */
export interface ActorBody {
  name: string;
  workspaceId: string;
  definitionId: string;
  configuration: JsonObject;
  resourceAllocation?: JsonObject | undefined;
  /** Sources only: the id that an OAuth consent gave. */
  secretId?: string | undefined;
}

/** What a connection test found. */
export interface CheckResult {
  succeeded: boolean;
  /** The connector's own words. */
  message: string;
}

/** What a connection is made of; fields left out keep, on a change, what the server has. */
export interface ConnectionBody {
  name?: string;
  status?: string;
  schedule?: { scheduleType: string; cronExpression?: string };
  namespaceDefinition?: string;
  namespaceFormat?: string;
  prefix?: string;
  nonBreakingSchemaUpdatesBehavior?: string;
  dataResidency?: string;
  configurations?: { streams: JsonObject[] };
  tags?: JsonObject[];
}

/** What the resources need of an Airbyte, whichever dialect of its API is spoken. Ids that are unknown give undefined. */
export interface AirbyteApi {
  /** The server's clock, in epoch milliseconds. */
  serverTime(): number;

  /** Workspaces, tags, connectors of one's own, permissions, applications: each kind with the same five calls. */
  readonly objects: AirbyteObjects;

  listWorkspaces(): Promise<Workspace[]>;
  getWorkspace(workspaceId: string): Promise<Workspace | undefined>;

  /** Every connector that the workspace can use. */
  listDefinitions(kind: ActorKind, workspaceId: string): Promise<Definition[]>;
  /** JSON Schema of a connector's configuration; undefined where the connector has none, or this Airbyte doesn't tell. */
  getSpecification(kind: ActorKind, definitionId: string, workspaceId: string): Promise<JsonObject | undefined>;

  createActor(kind: ActorKind, body: ActorBody): Promise<Actor>;
  /** undefined when it is gone: unknown, or deleted and only its shell is left. */
  getActor(kind: ActorKind, id: string, workspaceId: string): Promise<Actor | undefined>;
  listActors(kind: ActorKind, workspaceId: string): Promise<Actor[]>;
  /** Replaces name, configuration and resource allocation as a whole. */
  replaceActor(kind: ActorKind, id: string, body: ActorBody): Promise<Actor>;
  deleteActor(kind: ActorKind, id: string, name: string): Promise<void>;

  /** Runs Airbyte's own connection test; undefined where this Airbyte offers none for the kind. May take minutes. */
  checkActor(kind: ActorKind, id: string, name: string): Promise<CheckResult | undefined>;

  createConnection(body: ConnectionBody & { sourceId: string; destinationId: string }): Promise<Connection>;
  /** undefined when it is gone: unknown or deprecated. */
  getConnection(id: string, workspaceId: string): Promise<Connection | undefined>;
  listConnections(workspaceId: string): Promise<Connection[]>;
  /** Changes only the fields that are given. */
  changeConnection(id: string, name: string, body: ConnectionBody): Promise<Connection>;
  deleteConnection(id: string, name: string): Promise<void>;

  /** The streams that a source offers, with the sync modes that the destination allows; may take minutes. */
  discoverStreams(sourceId: string, destinationId: string): Promise<DiscoveredStream[]>;
}
