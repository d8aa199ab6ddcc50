import { z } from "zod";
import type { ActorBody, ActorKind, AirbyteApi, CheckResult, ConnectionBody } from "./airbyte-api.ts";
import type { Client } from "./client.ts";
import {
  ConfigDestination,
  actorSchema,
  checkActor,
  getSpecification,
  listDefinitions,
  pagesOfActors,
  scheduleInZone,
} from "./actors.ts";
import { Catalog, ConfigConnection, discovered, fromConfigApi, toCatalog, toConfigApi } from "./dialect.ts";
import { AirbyteError } from "./errors.ts";
import { ConfigJobs, type JobsApi } from "./jobs.ts";
import { objectsOf, type AirbyteObjects } from "../kinds/calls.ts";
import { listWorkspaces } from "../kinds/workspace/calls.ts";
import { allOf } from "./rest.ts";
import { ask, find, remove, type Ask } from "./rpc.ts";
import {
  unlessDeprecated,
  unlessGone,
  Workspace,
  type Actor,
  type Connection,
  type DiscoveredStream,
  type JsonObject,
} from "./types.ts";

/** Airbyte's older API (`/api/v1/sources/create` …), which old self-managed servers have alone. Everything is a POST. */
export class ConfigApi implements AirbyteApi {
  readonly #client: Client;
  readonly jobs: JobsApi;
  readonly objects: AirbyteObjects;
  readonly hasConfigApi = true;

  constructor(client: Client) {
    this.#client = client;
    this.jobs = new ConfigJobs(client);
    this.objects = objectsOf(client, "config");
  }

  serverTime(): number {
    return this.#client.serverTime();
  }

  listWorkspaces(): Promise<Workspace[]> {
    return listWorkspaces(this.#client, Workspace);
  }

  getWorkspace(workspaceId: string): Promise<Workspace | undefined> {
    return this.#find(
      "/workspaces/get",
      { workspaceId },
      { schema: Workspace, doing: `read workspace ${workspaceId}` },
    );
  }

  listDefinitions(kind: ActorKind, workspaceId: string) {
    return listDefinitions(this.#client, kind, workspaceId);
  }

  getSpecification(kind: ActorKind, definitionId: string, workspaceId: string) {
    return getSpecification(this.#client, kind, definitionId, workspaceId);
  }

  checkActor(kind: ActorKind, id: string, name: string): Promise<CheckResult | undefined> {
    return checkActor(this.#client, kind, id, name);
  }

  createActor(kind: ActorKind, body: ActorBody): Promise<Actor> {
    const { name, workspaceId, definitionId, configuration, resourceAllocation, secretId } = body;
    return this.#ask(
      `/${kind}s/create`,
      {
        name,
        workspaceId,
        [`${kind}DefinitionId`]: definitionId,
        connectionConfiguration: configuration,
        resourceAllocation,
        ...(kind === "source" ? { secretId } : {}),
      },
      { schema: actorSchema(kind), doing: `create ${kind} ${JSON.stringify(name)}` },
    );
  }

  async getActor(kind: ActorKind, id: string, workspaceId: string): Promise<Actor | undefined> {
    const read = { schema: actorSchema(kind), doing: `read ${kind} ${id}` };
    const confirm = async () => (await this.listActors(kind, workspaceId)).find((actor) => actor.id === id);
    const actor = await this.#find(`/${kind}s/get`, { [`${kind}Id`]: id }, read, confirm);
    return unlessGone(actor);
  }

  listActors(kind: ActorKind, workspaceId: string): Promise<Actor[]> {
    return allOf(this.pagesOfActors(kind, workspaceId), ({ id }) => id);
  }

  pagesOfActors(kind: ActorKind, workspaceId: string): AsyncIterable<Actor[]> {
    return pagesOfActors(this.#client, kind, workspaceId);
  }

  replaceActor(kind: ActorKind, id: string, body: ActorBody): Promise<Actor> {
    const { name, configuration, resourceAllocation } = body;
    const update = { [`${kind}Id`]: id, name, connectionConfiguration: configuration, resourceAllocation };
    const doing = `update ${kind} ${JSON.stringify(name)}`;
    return this.#ask(`/${kind}s/update`, update, { schema: actorSchema(kind), doing }, true);
  }

  async deleteActor(kind: ActorKind, id: string, name: string): Promise<void> {
    const doing = `delete ${kind} ${JSON.stringify(name)}`;
    await remove(this.#client, `/${kind}s/delete`, { [`${kind}Id`]: id }, doing);
  }

  async createConnection(body: ConnectionBody & { sourceId: string; destinationId: string }): Promise<Connection> {
    const doing = `create connection ${JSON.stringify(body.name ?? "")}`;
    const { syncCatalog } = await this.#catalog(body.sourceId, body.configurations?.streams ?? [], doing);
    // What the public API does where nothing is said; this one's own defaults differ.
    const defaults = { status: "active", scheduleType: "manual", namespaceDefinition: "destination" };
    const create = { ...defaults, ...toConfigApi(body), syncCatalog };
    const ask = { schema: ConfigConnection, doing, runsConnector: true };
    return fromConfigApi(await this.#ask("/connections/create", create, ask), "");
  }

  async getConnection(id: string, workspaceId: string): Promise<Connection | undefined> {
    const read = { schema: ConfigConnection, doing: `read connection ${id}` };
    const confirm = async () => (await this.#connections(workspaceId)).find((found) => found.connectionId === id);
    const connection = unlessDeprecated(await this.#find("/connections/get", { connectionId: id }, read, confirm));
    return connection && fromConfigApi(connection, workspaceId);
  }

  async listConnections(workspaceId: string): Promise<Connection[]> {
    return (await this.#connections(workspaceId)).map((connection) => fromConfigApi(connection, workspaceId));
  }

  async *pagesOfConnections(workspaceId: string): AsyncGenerator<Connection[]> {
    yield await this.listConnections(workspaceId);
  }

  async #connections(workspaceId: string) {
    const schema = z.looseObject({ connections: z.array(ConfigConnection) });
    const answer = await this.#ask("/connections/list", { workspaceId }, { schema, doing: "list connections" }, true);
    return answer.connections;
  }

  async changeConnection(id: string, name: string, body: ConnectionBody): Promise<Connection> {
    const doing = `update connection ${JSON.stringify(name)}`;
    const update: JsonObject = { connectionId: id, ...toConfigApi(body) };
    if (body.configurations) {
      const read = { schema: ConfigConnection, doing };
      const { sourceId } = await this.#ask("/connections/get", { connectionId: id }, read, true);
      update.syncCatalog = (await this.#catalog(sourceId, body.configurations.streams, doing)).syncCatalog as never;
    }
    const ask = { schema: ConfigConnection, doing, runsConnector: true };
    return fromConfigApi(await this.#ask("/connections/update", update, ask, true), "");
  }

  async deleteConnection(id: string, name: string): Promise<void> {
    await remove(
      this.#client,
      "/connections/delete",
      { connectionId: id },
      `delete connection ${JSON.stringify(name)}`,
    );
  }

  scheduleInZone(id: string, name: string, cronExpression: string, timeZone: string): Promise<void> {
    return scheduleInZone(this.#client, id, name, cronExpression, timeZone);
  }

  async discoverStreams(sourceId: string, destinationId?: string, afresh?: boolean): Promise<DiscoveredStream[]> {
    const { streams } = await this.#discover(sourceId, `discover the streams of source ${sourceId}`, afresh);
    const written = destinationId === undefined ? undefined : await this.#destinationModes(destinationId);
    return streams.map((stream) => discovered(stream, written));
  }

  /** undefined where the destination's connector doesn't say. */
  async #destinationModes(destinationId: string): Promise<string[] | undefined> {
    const read = { schema: ConfigDestination, doing: `read destination ${destinationId}` };
    const { definitionId, workspaceId } = await this.#ask("/destinations/get", { destinationId }, read, true);
    const schema = z.looseObject({ supportedDestinationSyncModes: z.array(z.string()).nullish() });
    const body = { destinationDefinitionId: definitionId, workspaceId };
    const doing = `read the specification of destination connector ${definitionId}`;
    const answer = await this.#ask("/destination_definition_specifications/get", body, { schema, doing }, true);
    return answer.supportedDestinationSyncModes ?? undefined;
  }

  async #catalog(sourceId: string, streams: JsonObject[], doing: string) {
    const catalog = await this.#discover(sourceId, doing);
    const chosen = toCatalog(streams, catalog);
    if (chosen.unknown.length === 0) return chosen;
    const known = catalog.streams.map(({ stream }) => stream.name).join(", ");
    const message = `the source has no stream ${chosen.unknown.join(", ")} (it has: ${known})`;
    throw new AirbyteError({ code: "refused", call: "POST /sources/discover_schema", doing, message });
  }

  async #discover(sourceId: string, doing: string, afresh?: boolean): Promise<z.infer<typeof Catalog>> {
    const schema = z.looseObject({
      catalog: Catalog.nullish(),
      jobInfo: z.looseObject({ logs: z.looseObject({ logLines: z.array(z.string()).nullish() }).nullish() }).nullish(),
    });
    const ask = { schema, doing, runsConnector: true };
    const { catalog, jobInfo } = await this.#ask(
      "/sources/discover_schema",
      { sourceId, disable_cache: afresh },
      ask,
      true,
    );
    if (catalog) return catalog;
    // A failed discovery is HTTP 200 here.
    const message = jobInfo?.logs?.logLines?.at(-1) ?? "the connector could not discover its streams";
    throw new AirbyteError({
      code: "refused",
      status: 500,
      call: "POST /sources/discover_schema",
      doing,
      message,
      runsConnector: true,
    });
  }

  #ask<T>(path: string, body: unknown, call: Ask<T>, repeatable = false): Promise<T> {
    return ask(this.#client, path, body, call, repeatable);
  }

  #find<T>(path: string, body: unknown, call: Ask<T>, confirm?: () => Promise<T | undefined>) {
    return find(this.#client, path, body, call, confirm);
  }
}
