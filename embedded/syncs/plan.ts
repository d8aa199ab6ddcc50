import { ConnectorFailure, type ConfiguredStream, type Connector, type Table } from "../connectors/connector.ts";
import { maskingOf } from "../connectors/secrets.ts";
import type { JsonObject } from "../json.ts";
import { connectorOf, liveActor, type Platform } from "../platform/platform.ts";
import { halves, type Connection } from "../state.ts";
import type { JobLog } from "./job-log.ts";
import { mapperOf } from "./mappers.ts";

export interface End {
  connector: Connector;
  configuration: JsonObject;
}

/** The two ends of a connection, with their configurations as they are now. */
export function endsOf(platform: Platform, connection: Connection): { source: End; destination: End } {
  return {
    source: endOf(platform, "source", connection.sourceId),
    destination: endOf(platform, "destination", connection.destinationId),
  };
}

function endOf(platform: Platform, kind: "source" | "destination", id: string): End {
  const { definitionId, configuration } = liveActor(platform, kind, id);
  return { connector: connectorOf(platform, kind, definitionId), configuration };
}

/** The source only plays its rows: they are counted, and never written into a destination that is real. */
export function isPlayed({ source }: { source: End }): boolean {
  return source.connector.simulated;
}

/** Takes the secrets of both ends out of a text. */
export async function maskingOfBoth({ source, destination }: { source: End; destination: End }) {
  const maskings = await Promise.all(
    [source, destination].map(async ({ connector, configuration }) => {
      return maskingOf((await connector.spec()).connectionSpecification, configuration);
    }),
  );
  return (text: string) => maskings.reduce((masked, masking) => masking(masked), text);
}

/** The connection's streams as the source has them now. */
export async function streamsOf(
  platform: Platform,
  connection: Connection,
  log: Pick<JobLog, "say">,
): Promise<ConfiguredStream[]> {
  const source = liveActor(platform, "source", connection.sourceId);
  const connector = connectorOf(platform, "source", source.definitionId);
  const catalog = await platform.discovery.catalogOf(source, connector);
  return connection.streams.flatMap((configured): ConfiguredStream[] => {
    const stream = catalog.streams.find(
      ({ name, namespace }) => name === configured.name && (namespace ?? null) === configured.namespace,
    );
    if (!stream) {
      log.say(`WARN The source has no stream ${configured.name} any longer`);
      return [];
    }
    const { source: syncMode, destination: destinationSyncMode } = halves[configured.syncMode];
    return [{ ...configured, stream, syncMode, destinationSyncMode }];
  });
}

type Naming = Pick<Connection, "namespaceDefinition" | "namespaceFormat" | "prefix">;

/** Where each stream of a connection goes, and how it is written. */
export function tablesOf(connection: Connection, streams: ConfiguredStream[]): Table[] {
  const tables = streams.map((configured) => tableOf(connection, configured));
  const taken = new Map<string, string>();
  for (const { name, namespace, schema, prefix } of tables) {
    // As the databases' names are made: without regard to case and signs.
    const table = `${schema ?? ""}.${prefix}${name}`.toLowerCase().replace(/[^a-z0-9.]/g, "_");
    const stream = namespace === null ? name : `${namespace}.${name}`;
    const other = taken.get(table);
    if (other !== undefined) {
      throw new ConnectorFailure(
        `The streams ${other} and ${stream} would go into the same table: give the connection a namespaceFormat with ` +
          "${SOURCE_NAMESPACE}, or leave one of them out",
        "config_error",
      );
    }
    taken.set(table, stream);
  }
  return tables;
}

function tableOf(connection: Connection, { stream, ...configured }: ConfiguredStream): Table {
  const namespace = stream.namespace ?? null;
  const selection = connection.streams.find((one) => one.name === stream.name && one.namespace === namespace);
  const mapper = mapperOf(selection?.mappers ?? []);
  return {
    name: stream.name,
    namespace,
    schema: schemaOf(connection, namespace),
    prefix: connection.prefix,
    mode: modeOf(stream.name, configured.destinationSyncMode),
    incremental: configured.syncMode === "incremental",
    jsonSchema: mapper.schema(selectedSchema(stream.jsonSchema, selection?.selectedFields ?? [])),
    primaryKey: configured.primaryKey.map((path) => mapper.path(path)),
    cursorField: mapper.path(configured.cursorField),
  };
}

/** Airbyte's rules: an empty result, and a source without namespaces, mean the destination's own default. */
export function schemaOf({ namespaceDefinition, namespaceFormat }: Naming, namespace: string | null): string | null {
  if (namespaceDefinition === "destination") return null;
  if (namespaceDefinition === "source") return namespace;
  const schema = namespaceFormat?.replaceAll("${SOURCE_NAMESPACE}", namespace ?? "").trim() ?? "";
  return schema === "" ? null : schema;
}

function modeOf(name: string, mode: ConfiguredStream["destinationSyncMode"]): Table["mode"] {
  if (mode === "update" || mode === "soft_delete") {
    throw new ConnectorFailure(
      `The stream ${name} is to be written with ${mode}, which is not supported here`,
      "config_error",
    );
  }
  return mode;
}

function selectedSchema(schema: Table["jsonSchema"], selected: { fieldPath: string[] }[]): Table["jsonSchema"] {
  if (selected.length === 0) return schema;
  const names = new Set(selected.map(({ fieldPath: [field] }) => field));
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => names.has(name));
  return { ...schema, properties: Object.fromEntries(properties) };
}
