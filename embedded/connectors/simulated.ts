import type { Json, JsonObject } from "../json.ts";
import type { ConnectorKind, DestinationSyncMode } from "../state.ts";
import type { ConfiguredCatalog, Connector, ConnectorMessage, DiscoveredStream } from "./connector.ts";

/** What all that are played have in common. */
interface Played extends Pick<Connector, "definitionId" | "name" | "type" | "dockerRepository" | "version"> {
  documentationUrl?: string;
  /** An excerpt of the real one, which says so (`simulated: true`), unless `isWhole`. */
  connectionSpecification: JsonObject;
  isWhole?: boolean;
}

interface SimulatedSource extends Played {
  suggestedStreams?: string[];
  openEnded?: boolean;
  streams: (configuration: JsonObject) => DiscoveredStream[];
  /** How many rows a full read of the stream yields. */
  rows: (stream: DiscoveredStream, configuration: JsonObject) => number;
}

/** A source that is played: its rows are made up, row by row, so memory stays flat. */
export function simulatedSource({ streams, rows, ...given }: SimulatedSource): Connector {
  return {
    ...played("source", given, []),
    discover: (configuration) => Promise.resolve({ streams: streams(configuration) }),
    read: (configuration, catalog) => readRows(catalog, (stream) => rows(stream, configuration)),
  };
}

/** A destination that is played: rows that reach it are counted and forgotten. */
export function simulatedDestination({
  supportedDestinationSyncModes = ["overwrite", "append", "append_dedup"],
  ...given
}: Played & { supportedDestinationSyncModes?: DestinationSyncMode[] }): Connector {
  return {
    ...played("destination", given, supportedDestinationSyncModes),
    discover: () => Promise.reject(new Error(`${given.name} is a destination and has no streams to discover`)),
    read: () => {
      throw new Error(`${given.name} is a destination and cannot be read`);
    },
  };
}

function played(
  kind: ConnectorKind,
  { connectionSpecification: given, isWhole = false, ...rest }: Played,
  supportedDestinationSyncModes: DestinationSyncMode[],
): Omit<Connector, "discover" | "read"> {
  const connectionSpecification = isWhole ? given : { ...given, simulated: true };
  return {
    documentationUrl: rest.type ? `https://docs.airbyte.com/integrations/${kind}s/${rest.type}` : null,
    ...rest,
    kind,
    simulated: true,
    spec: () => Promise.resolve({ connectionSpecification, supportedDestinationSyncModes }),
    check: () => Promise.resolve({ status: "succeeded", message: "Simulated: nothing was contacted" }),
  };
}

/** A JSON Schema of an object with these properties, in this order. */
export function fields(properties: Record<string, string>): JsonObject {
  const schema = Object.entries(properties).map(([name, type]): [string, Json] => [
    name,
    type === "date-time" ? { type: ["null", "string"], format: "date-time" } : { type: ["null", type] },
  ]);
  return { type: "object", properties: Object.fromEntries(schema) };
}

async function* readRows(
  catalog: ConfiguredCatalog,
  rows: (stream: DiscoveredStream) => number,
): AsyncIterable<ConnectorMessage> {
  for (const { stream } of catalog.streams) {
    const properties = Object.entries((stream.jsonSchema.properties ?? {}) as JsonObject);
    const count = rows(stream);
    for (let row = 1; row <= count; row++) {
      const data = Object.fromEntries(
        properties.map(([name, schema]) => [name, value(name, schema as JsonObject, row)]),
      );
      const record = { stream: stream.name, ...(stream.namespace ? { namespace: stream.namespace } : {}), data };
      yield { type: "RECORD", record: { ...record, emittedAt: Date.now() } };
      // Let other requests in: made-up rows come without any waiting of their own.
      if (row % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    yield { type: "STATE", state: { stream: stream.name, rows: count } };
  }
}

function value(name: string, schema: JsonObject, row: number): Json {
  if (schema.format === "date-time") return new Date(1_700_000_000_000 + row * 1000).toISOString();
  const types = schema.type as string[];
  if (types.includes("integer") || types.includes("number")) return row;
  if (types.includes("boolean")) return row % 2 === 0;
  return `${name} ${row}`;
}

const secretKeys = [
  "password",
  "secret",
  "token",
  "api_key",
  "api_token",
  "api_secret",
  "access_token",
  "refresh_token",
  "client_secret",
  "secret_key",
  "secret_access_key",
  "private_key",
  "service_account_info",
  "credentials_json",
];
const secrets = Object.fromEntries(secretKeys.map((key): [string, Json] => [key, { airbyte_secret: true }]));

/**
 * For a connector whose spec is not known here: every configuration is valid, and what the usual names say is secret
 * is masked. (Airbyte itself returns a configuration unmasked when the spec has no `properties`.)
 */
export const permissiveSpecification: JsonObject = {
  type: "object",
  additionalProperties: true,
  properties: { ...secrets, credentials: { properties: secrets }, authentication: { properties: secrets } },
};

interface Unknown extends Omit<Played, "connectionSpecification" | "isWhole"> {
  kind: ConnectorKind;
  connectionSpecification?: JsonObject;
  streams?: DiscoveredStream[];
}

/** Plays a connector that this project knows nothing about, or only the name of. */
export function permissiveConnector({ kind, streams, ...given }: Unknown): Connector {
  const connector = { connectionSpecification: permissiveSpecification, ...given, isWhole: true };
  if (kind === "destination") return simulatedDestination(connector);
  const found = streams ?? [openStream("records")];
  return simulatedSource({ ...connector, openEnded: !streams, streams: () => found, rows: () => 10 });
}

/** A stream of which only the name is known: any field, any sync mode, with or without a cursor and a key. */
export function openStream(name: string, namespace?: string): DiscoveredStream {
  return {
    name,
    ...(namespace ? { namespace } : {}),
    jsonSchema: { type: "object", additionalProperties: true, properties: {} },
    supportedSyncModes: ["full_refresh", "incremental"],
    open: true,
  };
}
