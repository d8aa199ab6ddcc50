import type { JsonObject } from "../json.ts";
import type { ArrivedRows, RowsRequest, Writer, WriteRequest } from "./writing.ts";

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
  /** The connector's own words. */
  message?: string;
  failureType?: FailureType;
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
  /** Only its name is known: nobody can tell which cursor and key it defines itself, so none is demanded. */
  open?: boolean;
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

/**
 * Whose fault a failure is, after the Airbyte Protocol: the configuration's (the user can mend it), the connector's or
 * its surroundings', or one that passes.
 */
export type FailureType = "config_error" | "system_error" | "transient_error";

/**
 * What a source says while it reads, after the messages of the Airbyte Protocol. `line` is the message as the
 * connector's program wrote it, without its newline; undefined where a connector is simulated.
 */
export type ConnectorMessage =
  | {
      type: "RECORD";
      record: { stream: string; namespace?: string; data: JsonObject; emittedAt: number };
      line?: string;
    }
  /** An AirbyteStateMessage: `{type: "STREAM", stream: {stream_descriptor, stream_state}, …}`. */
  | { type: "STATE"; state: JsonObject; line?: string }
  | { type: "LOG"; log: { level: string; message: string } }
  | { type: "TRACE"; error: ConnectorError };

/** Why a connector gives up, in its own words. */
export interface ConnectorError {
  message: string;
  internalMessage?: string;
  failureType: FailureType;
}

/**
 * A connector as the server uses it. Every method is asynchronous and may take minutes: behind it there may be a
 * program of its own, which ends, with all its children, when the signal aborts.
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
  /** Of a low-code manifest, which changes while the version of its runner stays. */
  revision?: number;
  documentationUrl: string | null;
  /** True when this process only plays the connector, or its data. */
  simulated: boolean;
  /** Why it is only played, for people; undefined for a real one. */
  simulatedBecause?: string | undefined;
  /** Streams that a connection without a list of streams selects. */
  suggestedStreams?: string[] | undefined;
  /** True when discovery can't know the real streams, so that any stream name is taken. */
  openEnded?: boolean | undefined;
  spec(): Promise<ConnectorSpec>;
  check(configuration: JsonObject, signal?: AbortSignal): Promise<CheckResult>;
  discover(configuration: JsonObject, signal?: AbortSignal): Promise<Catalog>;
  /** @param state the AirbyteStateMessages to go on from, or null */
  read(
    configuration: JsonObject,
    catalog: ConfiguredCatalog,
    state: JsonObject[] | null,
    signal?: AbortSignal,
  ): AsyncIterable<ConnectorMessage>;
  /** It will be written soon: time for what takes a while. */
  warm?: (() => void) | undefined;
  /** Of destinations that write for real: ready when the destination is reached. */
  write?: ((request: WriteRequest) => Promise<Writer>) | undefined;
  /** Of the same: what has arrived. */
  rows?: ((request: RowsRequest) => Promise<ArrivedRows[]>) | undefined;
}
