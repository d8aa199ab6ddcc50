import type { ConnectionBody } from "../api/airbyte-api.ts";
import type { Connection, JsonObject } from "../api/types.ts";
import { absentAtNewAddress, ADDRESS_KEYS } from "./actor.ts";
import { changedKeys, same } from "./canonical.ts";
import { createOnce } from "./create-once.ts";
import type { CommonInputs, Context, Difference, Handler } from "./handler.ts";
import { requireOneOf, requireText, requireUuid } from "./inputs.ts";
import type { Intention } from "./intents.ts";
import { canonicalStreams, streamsSeenThrough, withoutEmptyLists, type StreamInputs } from "./streams.ts";

/** What a program declares of a connection. Settings left out are Airbyte's to choose and are not compared. */
export interface ConnectionInputs extends CommonInputs {
  workspaceId: string;
  name: string;
  sourceId: string;
  destinationId: string;
  status?: string;
  schedule?: { scheduleType: string; cronExpression?: string };
  namespaceDefinition?: string;
  namespaceFormat?: string;
  prefix?: string;
  nonBreakingSchemaUpdatesBehavior?: string;
  dataResidency?: string;
  tags?: JsonObject[];
  streams?: StreamInputs[];
}

/**
 * What a setting goes back to when it is taken out of the declaration: a PATCH leaves alone what it does not mention,
 * so each is written. (Airbyte's defaults for connections made through the public API.) `streams` has no entry: see
 * `resetOfRemoved`.
 */
export const CONNECTION_DEFAULTS = {
  status: "active",
  schedule: { scheduleType: "manual" },
  namespaceDefinition: "destination",
  namespaceFormat: "",
  prefix: "",
  nonBreakingSchemaUpdatesBehavior: "ignore",
  tags: [],
} satisfies ConnectionBody;

const FIXED = ["workspaceId", "sourceId", "destinationId"];
// Airbyte takes it, ignores it, and never shows it: it can neither drift nor be applied.
const NEVER_COMPARED = ["dataResidency"];

export class ConnectionHandler implements Handler<ConnectionInputs> {
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
    const body = { ...settings(inputs), sourceId: inputs.sourceId, destinationId: inputs.destinationId };
    const connection = await createOnce<Connection>(
      {
        intention: {
          kind: "connection",
          declaredAs: inputs.declaredAs,
          workspaceId: inputs.workspaceId,
          name: inputs.name,
          identity: this.identity(inputs),
        },
        post: async () => api.createConnection({ ...body, configurations: await streamsToSend(inputs, context) }),
        findAlike: (intention) => alike(intention, context),
        bringUpToDate: (id) =>
          api.changeConnection(id, inputs.name, { ...resetOfRemoved(undefined, inputs), ...settings(inputs) }),
        id: (found) => found.connectionId,
        createdAt: (found) => found.createdAt,
      },
      context,
    );
    warnOfWhatDidNotStick(inputs, connection, context);
    return { id: connection.connectionId, outs: { ...inputs } };
  }

  async read(id: string, state: ConnectionInputs, { api }: Context): Promise<ConnectionInputs | undefined> {
    const connection = await api.getConnection(id, state.workspaceId);
    return connection && seen(state, connection);
  }

  async update(id: string, olds: ConnectionInputs, news: ConnectionInputs, context: Context) {
    const changed = changedKeys(comparable(olds), comparable(news), [...ADDRESS_KEYS, ...NEVER_COMPARED]);
    if (changed.length === 0) {
      const there = await context.api.getConnection(id, news.workspaceId);
      if (!there) throw absentAtNewAddress(`connection "${news.name}"`, id, news.airbyteUrl);
      return { ...news };
    }
    const body: ConnectionBody = { ...resetOfRemoved(olds, news), ...onlyKeys(settings(news), changed) };
    if (changed.includes("streams")) body.configurations = await streamsToSend(news, context);
    const connection = await context.api.changeConnection(id, news.name, body);
    warnOfWhatDidNotStick(news, connection, context);
    return { ...news };
  }

  async delete(id: string, state: ConnectionInputs, { api }: Context): Promise<void> {
    await api.deleteConnection(id, state.name);
  }
}

function settings({ streams, ...inputs }: ConnectionInputs): ConnectionBody {
  const body = onlyKeys(inputs as ConnectionBody, ["name", "dataResidency", ...Object.keys(CONNECTION_DEFAULTS)]);
  return streams === undefined
    ? body
    : { ...body, configurations: { streams: streams.map(withoutEmptyLists) as JsonObject[] } };
}

/** The defaults of the settings that are declared no more; of all undeclared ones where nothing is known of before. */
function resetOfRemoved(olds: ConnectionInputs | undefined, news: ConnectionInputs): ConnectionBody {
  const removed = Object.keys(CONNECTION_DEFAULTS).filter((key) => {
    const setting = key as keyof typeof CONNECTION_DEFAULTS;
    return news[setting] === undefined && (olds === undefined || olds[setting] !== undefined);
  });
  return onlyKeys(CONNECTION_DEFAULTS as ConnectionBody, removed);
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

function comparable(inputs: ConnectionInputs): object {
  const { streams, tags, schedule, ...rest } = inputs;
  return {
    ...rest,
    streams: Array.isArray(streams) ? canonicalStreams(streams) : streams,
    tags: Array.isArray(tags) ? tags.map((tag) => tag.tagId ?? tag).sort() : tags,
    schedule: schedule && canonicalSchedule(schedule),
  };
}

// Airbyte answers `0 0 12 * * ?` with ` UTC` behind it, and takes it with or without.
function canonicalSchedule(schedule: NonNullable<ConnectionInputs["schedule"]>): ConnectionInputs["schedule"] {
  if (typeof schedule.cronExpression !== "string") return schedule;
  return { ...schedule, cronExpression: schedule.cronExpression.trim().replace(/\s+UTC$/, "") };
}

function seen(declared: ConnectionInputs, connection: Connection): ConnectionInputs {
  const result: ConnectionInputs = { ...declared };
  const show = (key: keyof ConnectionInputs, actual: unknown) => {
    const before = comparable(declared) as Record<string, unknown>;
    const now = comparable({ ...declared, [key]: actual }) as Record<string, unknown>;
    if (!same(before[key], now[key])) Object.assign(result, { [key]: actual });
  };
  for (const key of ["name", "sourceId", "destinationId", "workspaceId"] as const) show(key, connection[key]);
  for (const key of Object.keys(CONNECTION_DEFAULTS) as (keyof typeof CONNECTION_DEFAULTS)[]) {
    if (declared[key] !== undefined) show(key, withoutNulls(connection[key]) ?? CONNECTION_DEFAULTS[key]);
  }
  if (declared.streams !== undefined) {
    const actual = streamsSeenThrough(declared.streams, connection.configurations?.streams ?? []);
    // With this policy Airbyte itself adds the streams that appear in the source.
    const added = declared.nonBreakingSchemaUpdatesBehavior === "propagate_fully";
    const names = new Set(declared.streams.map((stream) => stream.name));
    show("streams", added ? actual.filter((stream) => names.has(stream.name)) : actual);
  }
  return result;
}

function warnOfWhatDidNotStick(inputs: ConnectionInputs, connection: Connection, context: Context): void {
  const lost = changedKeys(comparable(inputs), comparable(seen(inputs, connection)), [...ADDRESS_KEYS]);
  if (lost.length === 0) return;
  context.log(`warning: connection "${inputs.name}": Airbyte did not keep what was declared for ${lost.join(", ")}.`);
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter((entry) => entry[1] !== null));
}

function onlyKeys<T extends object>(object: T, keys: readonly string[]): T {
  const entries = Object.entries(object).filter(([key, value]) => keys.includes(key) && value !== undefined);
  return Object.fromEntries(entries) as T;
}
