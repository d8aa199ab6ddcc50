import type { JsonObject } from "../json.ts";

export type ConnectorKind = "source" | "destination";
export type SourceSyncMode = "full_refresh" | "incremental";
export type DestinationSyncMode =
  "overwrite" | "append" | "append_dedup" | "overwrite_dedup" | "update" | "soft_delete";

export interface ConnectorSpec {
  /** JSON Schema (draft 7) of the configuration; `airbyte_secret: true` marks secrets. */
  connectionSpecification: JsonObject;
  /** Of a destination. */
  supportedDestinationSyncModes: DestinationSyncMode[];
}

export interface CheckResult {
  status: "succeeded" | "failed";
  message?: string;
}

export interface DiscoveredStream {
  name: string;
  namespace?: string;
  jsonSchema: JsonObject;
  supportedSyncModes: SourceSyncMode[];
  sourceDefinedCursor?: boolean;
  defaultCursorField?: string[];
  sourceDefinedPrimaryKey?: string[][];
  isFileBased?: boolean;
}

export interface Catalog {
  streams: DiscoveredStream[];
}

export interface ConfiguredStream {
  stream: DiscoveredStream;
  syncMode: SourceSyncMode;
  destinationSyncMode: DestinationSyncMode;
  cursorField: string[];
  primaryKey: string[][];
}

export interface ConfiguredCatalog {
  streams: ConfiguredStream[];
}

/** What a source says while it reads, after the messages of the Airbyte Protocol. */
export type ConnectorMessage =
  | { type: "RECORD"; record: { stream: string; namespace?: string; data: JsonObject; emittedAt: number } }
  | { type: "STATE"; state: JsonObject }
  | { type: "LOG"; log: { level: string; message: string } }
  | { type: "TRACE"; error: { message: string; failureType: "config_error" | "system_error" } };

/**
 * A connector as the server uses it. Every method is asynchronous and may take minutes: behind it there may be a
 * program of its own.
 */
export interface Connector {
  definitionId: string;
  /** For people: "Google Sheets". */
  name: string;
  /** The API's name, `sourceType` or `destinationType`: "google-sheets". Empty for custom connectors. */
  type: string;
  kind: ConnectorKind;
  dockerRepository: string;
  version: string;
  documentationUrl: string | null;
  /** True when this process only plays the connector. */
  simulated: boolean;
  /** Streams that a connection without a list of streams selects. */
  suggestedStreams?: string[];
  /** True when discovery can't know the real streams, so that any stream name is taken. */
  openEnded?: boolean;
  spec(): Promise<ConnectorSpec>;
  check(configuration: JsonObject): Promise<CheckResult>;
  discover(configuration: JsonObject): Promise<Catalog>;
  read(
    configuration: JsonObject,
    catalog: ConfiguredCatalog,
    state: JsonObject | null,
  ): AsyncIterable<ConnectorMessage>;
}
