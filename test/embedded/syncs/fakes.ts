import { setTimeout as delay } from "node:timers/promises";
import type {
  Connector,
  ConnectorMessage,
  DiscoveredStream,
  Writer,
  WriteRequest,
} from "../../../embedded/connectors/connector.ts";
import { simulatedDestination, simulatedSource } from "../../../embedded/connectors/simulated.ts";
import { Faults } from "../../../embedded/faults.ts";
import type { Instance } from "../../../embedded/api/requests.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import { defaultOptions, type ServerOptions } from "../../../embedded/options.ts";
import { Discovery } from "../../../embedded/platform/platform.ts";
import { Jobs } from "../../../embedded/syncs/jobs.ts";
import type { Connection, StreamConfiguration } from "../../../embedded/state.ts";
import { Store } from "../../../embedded/store.ts";

export const users: DiscoveredStream = {
  name: "users",
  jsonSchema: { type: "object", properties: { id: { type: "integer" }, email: { type: "string" } } },
  supportedSyncModes: ["full_refresh", "incremental"],
};

export const usersStream: StreamConfiguration = {
  name: "users",
  namespace: null,
  syncMode: "incremental_append",
  cursorField: ["id"],
  primaryKey: [["id"]],
  selectedFields: [],
  mappers: [],
  includeFiles: null,
  destinationObjectName: null,
};

export function user(id: number): ConnectorMessage {
  return { type: "RECORD", record: { stream: "users", data: { id, email: `${id}@example.com` }, emittedAt: 0 } };
}

export function stateOfUsers(id: number): ConnectorMessage {
  const stream = { stream_descriptor: { name: "users" }, stream_state: { id } };
  return { type: "STATE", state: { type: "STREAM", stream } };
}

const identity = { name: "Fake", type: "fake", dockerRepository: "", version: "1" };
const connectionSpecification = { type: "object", properties: { password: { type: "string", airbyte_secret: true } } };

/** A source that is no program, and yet real to the server. */
export function fakeSource(read: Connector["read"]): Connector {
  const played = simulatedSource({
    ...identity,
    definitionId: "s",
    connectionSpecification,
    streams: () => [users],
    rows: () => 0,
  });
  return { ...played, simulated: false, read };
}

/** A destination that keeps what it is given; a state is safe when the writing ends. */
export class FakeDestination {
  readonly requests: WriteRequest[] = [];
  readonly lines: JsonObject[] = [];
  readonly calls: string[] = [];
  /** Thrown when the writing begins. */
  failure: Error | null = null;

  get connector(): Connector {
    const played = simulatedDestination({ ...identity, definitionId: "d", connectionSpecification });
    return { ...played, simulated: false, write: (request) => this.#write(request) };
  }

  async #write(request: WriteRequest): Promise<Writer> {
    await delay(1);
    if (this.failure) throw this.failure;
    this.requests.push(request);
    const taken: JsonObject[] = [];
    const finish = (call: string) => {
      this.calls.push(call);
      const rows = taken.filter(({ type }) => type === "RECORD").length;
      request.onCommitted([{ name: "users", namespace: null, rows }]);
      for (const { type, state } of taken) if (type === "STATE") request.onState(state as JsonObject);
      return Promise.resolve();
    };
    return {
      write: (line) => {
        const message = JSON.parse(line) as JsonObject;
        taken.push(message);
        this.lines.push(message);
        return undefined;
      },
      end: () => finish("end"),
      keep: () => finish("keep"),
      close: () => {
        this.calls.push("close");
        return Promise.resolve();
      },
    };
  }
}

/** A server's inside with these two connectors, and connections between them. */
export function instanceWith(source: Connector, destination: Connector, options: Partial<ServerOptions> = {}) {
  const store = new Store(null);
  const faults = new Faults(20);
  const given = {
    store,
    faults,
    options: { ...defaultOptions, retries: { attempts: 3, backoffMs: 1 }, ...options },
    registry: { find: (kind: string) => (kind === "source" ? source : destination) },
    discovery: new Discovery(faults),
    jobs: new Jobs(() => instance, null),
  };
  const instance = given as unknown as Instance;
  const actor = { name: "", workspaceId: "w", resourceAllocation: null, deleted: false, createdAt: 0, updatedAt: 0 };
  const configuration = { password: "s3cret-word" };
  store.sources.put({ ...actor, id: "source", kind: "source", definitionId: "s", configuration });
  store.destinations.put({ ...actor, id: "destination", kind: "destination", definitionId: "d", configuration });
  const connect = (id: string, settings: Partial<Connection> = {}): Connection =>
    store.connections.put({
      id,
      name: id,
      sourceId: "source",
      destinationId: "destination",
      workspaceId: "w",
      status: "active",
      schedule: { scheduleType: "manual", cronExpression: null },
      streams: [usersStream],
      namespaceDefinition: "destination",
      namespaceFormat: null,
      nonBreakingSchemaUpdatesBehavior: "ignore",
      prefix: "",
      tagIds: [],
      createdAt: 0,
      ...settings,
    });
  const status = (id: number) => instance.jobs.find(id).status;
  const end = async (id: number) => {
    while (["pending", "running", "incomplete"].includes(status(id))) await delay(2);
    return instance.jobs.find(id);
  };
  return { instance, store, jobs: instance.jobs, connect, status, end };
}
