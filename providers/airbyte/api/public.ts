import { z } from "zod";
import type { ActorBody, ActorKind, AirbyteApi, CheckResult, ConnectionBody } from "./airbyte-api.ts";
import { DISCOVER_TIMEOUT_MS, type Call } from "./call.ts";
import type { Client } from "./client.ts";
import { checkActor, getSpecification, listDefinitions } from "./connector-calls.ts";
import { AirbyteError } from "./errors.ts";
import { PublicJobs, type JobsApi } from "./jobs.ts";
import { scheduleInZone } from "./schedule-in-zone.ts";
import {
  Connection,
  DestinationAnswer,
  DiscoveredStream,
  SourceAnswer,
  Workspace,
  type Actor,
  type Definition,
  type JsonObject,
} from "./types.ts";

// Airbyte's own limit (`limit`: default 20, at most 100).
const PAGE = 100;

/** Airbyte's current API: `/v1` on Airbyte Cloud, `/api/public/v1` on a self-managed server. */
export class PublicApi implements AirbyteApi {
  readonly #client: Client;
  readonly jobs: JobsApi;

  constructor(client: Client) {
    this.#client = client;
    this.jobs = new PublicJobs(client);
  }

  get hasConfigApi(): boolean {
    return this.#client.hasConfigApi;
  }

  serverTime(): number {
    return this.#client.serverTime();
  }

  listWorkspaces(): Promise<Workspace[]> {
    return this.#list("/workspaces", Workspace, {}, "list workspaces", (workspace) => workspace.workspaceId);
  }

  getWorkspace(workspaceId: string): Promise<Workspace | undefined> {
    const doing = `read workspace ${workspaceId}`;
    return this.#get({ method: "GET", path: `/workspaces/${workspaceId}`, schema: Workspace, doing }, async () =>
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
    const actor = await this.#get(
      { method: "GET", path: `/${kind}s/${id}`, schema: actorSchema(kind), doing: `read ${kind} ${id}` },
      async () => (await this.listActors(kind, workspaceId)).find((candidate) => candidate.id === id),
    );
    // A deleted source or destination still answers 200, without its configuration.
    return actor?.configuration ? actor : undefined;
  }

  listActors(kind: ActorKind, workspaceId: string): Promise<Actor[]> {
    const query = { workspaceIds: workspaceId };
    return this.#list(`/${kind}s`, actorSchema(kind), query, `list ${kind}s`, (actor) => actor.id);
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
    return this.#delete(`/${kind}s/${id}`, `delete ${kind} ${JSON.stringify(name)}`);
  }

  createConnection(body: ConnectionBody & { sourceId: string; destinationId: string }): Promise<Connection> {
    return this.#client.call({
      method: "POST",
      path: "/connections",
      body,
      schema: Connection,
      timeoutMs: DISCOVER_TIMEOUT_MS,
      doing: `create connection ${JSON.stringify(body.name ?? "")}`,
    });
  }

  async getConnection(id: string, workspaceId: string): Promise<Connection | undefined> {
    const connection = await this.#get(
      { method: "GET", path: `/connections/${id}`, schema: Connection, doing: `read connection ${id}` },
      async () => (await this.listConnections(workspaceId)).find((candidate) => candidate.connectionId === id),
    );
    // A deleted connection still answers 200, as deprecated.
    return connection?.status === "deprecated" ? undefined : connection;
  }

  listConnections(workspaceId: string): Promise<Connection[]> {
    const query = { workspaceIds: workspaceId };
    return this.#list("/connections", Connection, query, "list connections", ({ connectionId }) => connectionId);
  }

  changeConnection(id: string, name: string, body: ConnectionBody): Promise<Connection> {
    return this.#client.call({
      method: "PATCH",
      path: `/connections/${id}`,
      body,
      schema: Connection,
      timeoutMs: DISCOVER_TIMEOUT_MS,
      doing: `update connection ${JSON.stringify(name)}`,
    });
  }

  deleteConnection(id: string, name: string): Promise<void> {
    return this.#delete(`/connections/${id}`, `delete connection ${JSON.stringify(name)}`);
  }

  scheduleInZone(id: string, name: string, cronExpression: string, timeZone: string): Promise<void> {
    return scheduleInZone(this.#client, id, name, { cronExpression, timeZone });
  }

  discoverStreams(sourceId: string, destinationId?: string, afresh?: boolean): Promise<DiscoveredStream[]> {
    return this.#client.call({
      method: "GET",
      path: "/streams",
      query: { sourceId, destinationId, ignoreCache: afresh },
      schema: z.array(DiscoveredStream),
      timeoutMs: DISCOVER_TIMEOUT_MS,
      doing: `discover the streams of source ${sourceId}`,
    });
  }

  // 404 is absence. 403 may be absence too (a server that cannot tell whose an unknown id is), or a wrong user: the
  // list of the workspace decides, and its own refusal is an error, so that a wrong user never reads as "deleted".
  async #get<T>(call: Call<T>, confirm: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await this.#client.call(call);
    } catch (error) {
      if (!(error instanceof AirbyteError)) throw error;
      if (error.status === 404 && error.trouble === "refused") return undefined;
      if (error.status === 403) return confirm();
      throw error;
    }
  }

  async #delete(path: string, doing: string): Promise<void> {
    try {
      await this.#client.call({ method: "DELETE", path, doing, timeoutMs: 5 * 60_000 });
    } catch (error) {
      const gone = error instanceof AirbyteError && error.trouble === "refused" && error.status === 404;
      if (!gone) throw error;
    }
  }

  // Pages by own offset: the server's `next` may name a host that cannot be reached, and its lists have no order, so
  // an object may come twice.
  async #list<T>(
    path: string,
    schema: z.ZodType<T>,
    query: Record<string, string>,
    doing: string,
    id: (item: T) => string,
  ): Promise<T[]> {
    const page = z.looseObject({ data: z.array(schema) });
    const found = new Map<string, T>();
    for (let offset = 0; ; offset += PAGE) {
      const answer = await this.#client.call({
        method: "GET",
        path,
        query: { ...query, limit: PAGE, offset },
        schema: page,
        doing,
      });
      for (const item of answer.data) found.set(id(item), item);
      if (answer.data.length < PAGE) return [...found.values()];
    }
  }
}

function actorSchema(kind: ActorKind): z.ZodType<Actor> {
  return kind === "source" ? SourceAnswer : DestinationAnswer;
}
