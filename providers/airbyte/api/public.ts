import { z } from "zod";
import type { ActorBody, ActorKind, AirbyteApi, CheckResult, ConnectionBody } from "./airbyte-api.ts";
import type { Client } from "./client.ts";
import { checkActor, despiteRuin, getSpecification, listDefinitions, scheduleInZone } from "./actors.ts";
import { PublicJobs, type JobsApi } from "./jobs.ts";
import { objectsOf, type AirbyteObjects } from "../kinds/calls.ts";
import { allOf, pagesOf, readOrAbsent, remove } from "./rest.ts";
import {
  Connection,
  DestinationAnswer,
  DiscoveredStream,
  SourceAnswer,
  unlessDeprecated,
  unlessGone,
  Workspace,
  type Actor,
  type Definition,
  type JsonObject,
} from "./types.ts";

/** Airbyte's current API: `/v1` on Airbyte Cloud, `/api/public/v1` on a self-managed server. */
export class PublicApi implements AirbyteApi {
  readonly #client: Client;
  readonly jobs: JobsApi;
  readonly objects: AirbyteObjects;

  constructor(client: Client) {
    this.#client = client;
    this.jobs = new PublicJobs(client);
    this.objects = objectsOf(client, "public");
  }

  get hasConfigApi(): boolean {
    return this.#client.hasConfigApi;
  }

  serverTime(): number {
    return this.#client.serverTime();
  }

  listWorkspaces(): Promise<Workspace[]> {
    const pages = pagesOf(this.#client, "/workspaces", Workspace, { query: {}, doing: "list workspaces" });
    return allOf(pages, ({ workspaceId }) => workspaceId);
  }

  getWorkspace(workspaceId: string): Promise<Workspace | undefined> {
    const doing = `read workspace ${workspaceId}`;
    return readOrAbsent(this.#client, { path: `/workspaces/${workspaceId}`, schema: Workspace, doing }, async () =>
      (await this.listWorkspaces()).find((workspace) => workspace.workspaceId === workspaceId),
    );
  }

  listDefinitions(kind: ActorKind, workspaceId: string): Promise<Definition[]> {
    return listDefinitions(this.#client, kind, workspaceId);
  }

  getSpecification(kind: ActorKind, definitionId: string, workspaceId: string): Promise<JsonObject | undefined> {
    return getSpecification(this.#client, kind, definitionId, workspaceId);
  }

  checkActor(kind: ActorKind, id: string, name: string): Promise<CheckResult | undefined> {
    return checkActor(this.#client, kind, id, name);
  }

  createActor(kind: ActorKind, { secretId, ...body }: ActorBody): Promise<Actor> {
    return this.#client.call({
      method: "POST",
      path: `/${kind}s`,
      body: kind === "source" ? { ...body, secretId } : body,
      schema: actorSchema(kind),
      doing: `create ${kind} ${JSON.stringify(body.name)}`,
    });
  }

  async getActor(kind: ActorKind, id: string, workspaceId: string): Promise<Actor | undefined> {
    const actor = await readOrAbsent(
      this.#client,
      { path: `/${kind}s/${id}`, schema: actorSchema(kind), doing: `read ${kind} ${id}` },
      async () => (await this.listActors(kind, workspaceId)).find((candidate) => candidate.id === id),
    );
    return unlessGone(actor);
  }

  pagesOfActors(kind: ActorKind, workspaceId: string): AsyncIterable<Actor[]> {
    const list = { query: { workspaceIds: workspaceId }, doing: `list ${kind}s` };
    const pages = pagesOf(this.#client, `/${kind}s`, actorSchema(kind), list);
    return despiteRuin(this.#client, kind, workspaceId, pages);
  }

  listActors(kind: ActorKind, workspaceId: string): Promise<Actor[]> {
    return allOf(this.pagesOfActors(kind, workspaceId), ({ id }) => id);
  }

  replaceActor(kind: ActorKind, id: string, body: ActorBody): Promise<Actor> {
    const { name, configuration, resourceAllocation } = body;
    return this.#client.call({
      method: "PUT",
      path: `/${kind}s/${id}`,
      body: { name, configuration, resourceAllocation },
      schema: actorSchema(kind),
      doing: `update ${kind} ${JSON.stringify(name)}`,
    });
  }

  deleteActor(kind: ActorKind, id: string, name: string): Promise<void> {
    return remove(this.#client, `/${kind}s/${id}`, `delete ${kind} ${JSON.stringify(name)}`);
  }

  createConnection(body: ConnectionBody & { sourceId: string; destinationId: string }): Promise<Connection> {
    return this.#client.call({
      method: "POST",
      path: "/connections",
      body,
      schema: Connection,
      runsConnector: true,
      doing: `create connection ${JSON.stringify(body.name ?? "")}`,
    });
  }

  async getConnection(id: string, workspaceId: string): Promise<Connection | undefined> {
    const connection = await readOrAbsent(
      this.#client,
      { path: `/connections/${id}`, schema: Connection, doing: `read connection ${id}` },
      async () => (await this.listConnections(workspaceId)).find((candidate) => candidate.connectionId === id),
    );
    return unlessDeprecated(connection);
  }

  pagesOfConnections(workspaceId: string): AsyncIterable<Connection[]> {
    const list = { query: { workspaceIds: workspaceId }, doing: "list connections" };
    return pagesOf(this.#client, "/connections", Connection, list);
  }

  listConnections(workspaceId: string): Promise<Connection[]> {
    return allOf(this.pagesOfConnections(workspaceId), ({ connectionId }) => connectionId);
  }

  changeConnection(id: string, name: string, body: ConnectionBody): Promise<Connection> {
    return this.#client.call({
      method: "PATCH",
      path: `/connections/${id}`,
      body,
      schema: Connection,
      runsConnector: true,
      doing: `update connection ${JSON.stringify(name)}`,
    });
  }

  deleteConnection(id: string, name: string): Promise<void> {
    return remove(this.#client, `/connections/${id}`, `delete connection ${JSON.stringify(name)}`);
  }

  scheduleInZone(id: string, name: string, cronExpression: string, timeZone: string): Promise<void> {
    return scheduleInZone(this.#client, id, name, cronExpression, timeZone);
  }

  discoverStreams(sourceId: string, destinationId?: string, afresh?: boolean): Promise<DiscoveredStream[]> {
    return this.#client.call({
      method: "GET",
      path: "/streams",
      query: { sourceId, destinationId, ignoreCache: afresh },
      schema: z.array(DiscoveredStream),
      runsConnector: true,
      doing: `discover the streams of source ${sourceId}`,
    });
  }
}

function actorSchema(kind: ActorKind): z.ZodType<Actor> {
  return kind === "source" ? SourceAnswer : DestinationAnswer;
}
