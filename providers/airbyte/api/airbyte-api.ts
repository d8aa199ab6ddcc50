import type { JobsApi } from "./jobs.ts";
import type { AirbyteObjects } from "../kinds/calls.ts";
import type { Actor, Connection, Definition, DiscoveredStream, JsonObject, Workspace } from "./types.ts";
import type { ActorKind } from "./words.ts";

export type { ActorKind } from "./words.ts";

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
  /** The cron expression is in UTC; see `scheduleInZone`. */
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
  /** Whether the server has the older config API; Airbyte Cloud doesn't promise it. */
  readonly hasConfigApi: boolean;
  readonly jobs: JobsApi;

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
  /** The same list as it comes: in no order, an object perhaps twice, what is deleted left out. */
  pagesOfActors(kind: ActorKind, workspaceId: string): AsyncIterable<Actor[]>;
  /** Replaces name, configuration and resource allocation as a whole. */
  replaceActor(kind: ActorKind, id: string, body: ActorBody): Promise<Actor>;
  deleteActor(kind: ActorKind, id: string, name: string): Promise<void>;

  /** Runs Airbyte's own connection test; undefined where this Airbyte offers none for the kind. May take minutes. */
  checkActor(kind: ActorKind, id: string, name: string): Promise<CheckResult | undefined>;

  createConnection(body: ConnectionBody & { sourceId: string; destinationId: string }): Promise<Connection>;
  /** undefined when it is gone: unknown or deprecated. */
  getConnection(id: string, workspaceId: string): Promise<Connection | undefined>;
  listConnections(workspaceId: string): Promise<Connection[]>;
  /** The same list as it comes, as `pagesOfActors`. */
  pagesOfConnections(workspaceId: string): AsyncIterable<Connection[]>;
  /** Changes only the fields that are given. */
  changeConnection(id: string, name: string, body: ConnectionBody): Promise<Connection>;
  deleteConnection(id: string, name: string): Promise<void>;
  /** Sets a cron schedule in a time zone other than UTC, for which the public API has no words: config API only. */
  scheduleInZone(id: string, name: string, cronExpression: string, timeZone: string): Promise<void>;

  /**
   * The streams that a source offers, with the sync modes that the destination allows; may take minutes.
   *
   * @param afresh runs the connector even where Airbyte remembers what it found before.
   */
  discoverStreams(sourceId: string, destinationId: string | undefined, afresh?: boolean): Promise<DiscoveredStream[]>;
}

const asked = new WeakMap<AirbyteApi, Promise<Workspace[]>>();

/** The workspaces, asked for once a process: for questions that any workspace answers. A failure isn't remembered. */
export function workspacesOnce(api: AirbyteApi): Promise<Workspace[]> {
  const before = asked.get(api);
  if (before) return before;
  const answer = api.listWorkspaces();
  asked.set(api, answer);
  answer.catch(() => asked.delete(api));
  return answer;
}
