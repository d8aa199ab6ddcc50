import type { ConnectionBody } from "../api/airbyte-api.ts";
import type { Connection, JsonObject } from "../api/types.ts";
import { absentAtNewAddress, ADDRESS_KEYS, deletedByHand } from "./actor.ts";
import { adoptObject, tellAdoption, type Adoption } from "./adoption.ts";
import { changedKeys } from "./canonical.ts";
import { checkTags, wholeTags } from "./connection-tags.ts";
import {
  comparable,
  NEVER_COMPARED,
  onlyKeys,
  resetOfRemoved,
  seen,
  settings,
  type ConnectionInputs,
  type ConnectionSettings,
} from "./connection-view.ts";
import { createOnce } from "./create-once.ts";
import { UNKNOWN, type Consultation, type Context, type Difference, type Handler } from "./handler.ts";
import { requireOneOf, requireText, requireUuid } from "./inputs.ts";
import type { Intention } from "./intents.ts";
import { withoutEmptyLists } from "./streams.ts";

const FIXED = ["workspaceId", "sourceId", "destinationId"];
const IGNORED = [...ADDRESS_KEYS, ...NEVER_COMPARED];

export class ConnectionHandler implements Handler<ConnectionInputs> {
  readonly lostByReplacement = "its sync state is lost, so the next sync reads everything again";

  check(inputs: Record<string, unknown>): string[] {
    const status = inputs.status;
    if (status === "deprecated") {
      return [
        'status: "deprecated" is how Airbyte marks a deleted connection. To delete it, take it out of the program; to pause it, use "inactive".',
      ];
    }
    return [
      ...requireText(inputs, "name"),
      ...requireUuid(inputs, "workspaceId"),
      ...requireUuid(inputs, "sourceId"),
      ...requireUuid(inputs, "destinationId"),
      ...requireOneOf(inputs, "status", ["active", "inactive"]),
      ...requireOneOf(inputs, "namespaceDefinition", ["source", "destination", "custom_format"]),
      ...checkTags(inputs.tags),
    ];
  }

  identity({ sourceId, destinationId }: ConnectionInputs) {
    return { sourceId, destinationId };
  }

  diff(olds: ConnectionInputs, news: ConnectionInputs): Difference {
    const changed = changedKeys(comparable(olds), comparable(news), ["declaredAs", ...NEVER_COMPARED]);
    return {
      changes: changed.length > 0,
      replaces: changed.filter((key) => FIXED.includes(key)),
      // Two connections with one schedule into the same tables must never be there side by side.
      deleteBeforeReplace: true,
    };
  }

  async create(inputs: ConnectionInputs, context: Context) {
    const { api } = context;
    const { sourceId, destinationId } = inputs;
    const adopted = inputs.adopt ? await adoptObject(this.#adoption(inputs, context), context) : undefined;
    const connection =
      adopted ??
      (await createOnce<Connection>(
        {
          intention: this.#intention(inputs),
          post: async () => {
            const body = await this.#body(settings(inputs), inputs, context);
            const configurations = await streamsToSend(inputs, context);
            return api.createConnection({ ...body, sourceId, destinationId, configurations });
          },
          findAlike: (intention) => alike(intention, context),
          bringUpToDate: (id) => this.#bringUpToDate(id, inputs, context),
          id: (found) => found.connectionId,
          createdAt: (found) => found.createdAt,
        },
        context,
      ));
    warnOfWhatDidNotStick(inputs, connection, context);
    return { id: connection.connectionId, outs: { ...inputs } };
  }

  async consult(inputs: ConnectionInputs, context: Context): Promise<Consultation<ConnectionInputs>> {
    if (!inputs.adopt || inputs.workspaceId === UNKNOWN) return { mistakes: [], warnings: [] };
    return { ...(await tellAdoption(this.#adoption(inputs, context), context)), warnings: [] };
  }

  #intention(inputs: ConnectionInputs): Intention {
    const { declaredAs, workspaceId, name } = inputs;
    return { kind: "connection", declaredAs, workspaceId, name, identity: this.identity(inputs) };
  }

  // Settings that nobody declares stay what they are: an adopted connection keeps them.
  #adoption(inputs: ConnectionInputs, context: Context): Adoption<Connection> {
    return {
      adopt: inputs.adopt ?? false,
      intention: this.#intention(inputs),
      list: () => context.api.listConnections(inputs.workspaceId),
      id: (found) => found.connectionId,
      name: (found) => found.name,
      conflicts: (found) =>
        (["sourceId", "destinationId"] as const)
          .filter((end) => inputs[end] !== UNKNOWN && found[end] !== inputs[end])
          .map((end) => `its ${end} is ${found[end]}, declared is ${inputs[end]}`),
      changes: (found) => changedKeys(comparable(seen(inputs, found)), comparable(inputs), IGNORED),
      bringUpToDate: async (id) =>
        context.api.changeConnection(id, inputs.name, await this.#body(settings(inputs), inputs, context)),
    };
  }

  async #bringUpToDate(id: string, inputs: ConnectionInputs, context: Context): Promise<Connection> {
    const all = { ...resetOfRemoved(undefined, inputs), ...settings(inputs) };
    return context.api.changeConnection(id, inputs.name, await this.#body(all, inputs, context));
  }

  async #body(written: ConnectionSettings, inputs: ConnectionInputs, context: Context): Promise<ConnectionBody> {
    const { tags, ...rest } = written;
    return tags === undefined ? rest : { ...rest, tags: await wholeTags(tags, inputs, context) };
  }

  async read(id: string, state: ConnectionInputs, { api }: Context): Promise<ConnectionInputs | undefined> {
    const connection = await api.getConnection(id, state.workspaceId);
    return connection && seen(state, connection);
  }

  async update(id: string, olds: ConnectionInputs, news: ConnectionInputs, context: Context) {
    const changed = changedKeys(comparable(olds), comparable(news), IGNORED);
    if (changed.length === 0) {
      const there = await context.api.getConnection(id, news.workspaceId);
      if (!there) throw absentAtNewAddress(`connection "${news.name}"`, id, news.airbyteUrl);
      return { ...news };
    }
    const written = { ...resetOfRemoved(olds, news), ...onlyKeys(settings(news), changed) };
    const body = await this.#body(written, news, context);
    if (changed.includes("streams")) body.configurations = await streamsToSend(news, context);
    const connection = await context.api.changeConnection(id, news.name, body);
    // Airbyte takes changes of a deleted connection, and goes on treating it as deleted.
    if (connection.status === "deprecated") throw deletedByHand(`connection "${news.name}"`, id);
    warnOfWhatDidNotStick(news, connection, context);
    return { ...news };
  }

  async delete(id: string, state: ConnectionInputs, { api }: Context): Promise<void> {
    await api.deleteConnection(id, state.name);
  }
}
/** Streams must always be said: left to itself, Airbyte may select none (it takes the connector's suggestion only). */
async function streamsToSend(inputs: ConnectionInputs, { api }: Context): Promise<{ streams: JsonObject[] }> {
  if (inputs.streams?.length) return { streams: inputs.streams.map(withoutEmptyLists) as JsonObject[] };
  const offered = await api.discoverStreams(inputs.sourceId, inputs.destinationId);
  return {
    streams: offered.map(({ streamName, streamnamespace }) => ({
      name: streamName,
      ...(streamnamespace ? { namespace: streamnamespace } : {}),
    })),
  };
}

async function alike({ workspaceId, name, identity }: Intention, { api }: Context): Promise<Connection[]> {
  const connections = await api.listConnections(workspaceId);
  return connections.filter(
    (found) =>
      found.name === name && found.sourceId === identity.sourceId && found.destinationId === identity.destinationId,
  );
}
function warnOfWhatDidNotStick(inputs: ConnectionInputs, connection: Connection, context: Context): void {
  const lost = changedKeys(comparable(inputs), comparable(seen(inputs, connection)), IGNORED);
  if (lost.length === 0) return;
  context.log(`warning: connection "${inputs.name}": Airbyte did not keep what was declared for ${lost.join(", ")}.`);
}
