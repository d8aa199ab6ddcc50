import type { JsonObject } from "../json.ts";
import type { ConnectorKind, DestinationSyncMode, FailureType, SourceSyncMode } from "../state.ts";

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
interface ConnectorError {
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

/** One stream on its way into a destination. */
export interface Table {
  name: string;
  namespace: string | null;
  /** Where its table is to be: a schema of a database. `null`: where the configuration says. */
  schema: string | null;
  /** In front of the stream's name it gives the table's. */
  prefix: string;
  mode: "overwrite" | "overwrite_dedup" | "append" | "append_dedup";
  /** Read from where the last sync ended: what has come so far may be kept at each state. */
  incremental: boolean;
  /** Of the records as they are written. Fields that it doesn't know are left out. */
  jsonSchema: JsonObject;
  primaryKey: string[][];
  cursorField: string[];
}

export interface WriteRequest {
  configuration: JsonObject;
  tables: Table[];
  /** Sets apart what a sync leaves in the destination for a while from that of other connections. */
  connectionId: string;
  /** Ends the writing at once. Tables that were to be replaced stay as they were. */
  signal: AbortSignal;
  /** A state is told when everything that came before it is safe in the destination. */
  onState: (state: JsonObject) => void;
  onCommitted: (streams: CommittedRows[]) => void;
}

export interface CommittedRows {
  name: string;
  namespace: string | null;
  rows: number;
}

/** Takes the messages of one sync, in their order. */
export interface Writer {
  /** One RECORD or STATE of the Airbyte Protocol as a line. To be waited for where it returns a promise. */
  write(line: string): Promise<void> | undefined;
  /** Everything has come: resolves when it is in the destination. */
  end(): Promise<void>;
  /** No more can come: keeps what the incremental streams have got so far, and of the others nothing. */
  keep(): Promise<void>;
  /** To be called at the end in any case; without `end` or `keep` before it nothing more is written. */
  close(): Promise<void>;
}

/** Asks what is in a destination's tables. */
interface RowsRequest {
  configuration: JsonObject;
  tables: Table[];
  /** Rows of each stream; 0: the counts alone. */
  limit: number;
}

/** What has arrived of a stream, in the order of its key where it has one; Airbyte's own columns are left out. */
export interface ArrivedRows {
  name: string;
  namespace: string | null;
  /** All that are there; null where there is no table yet. */
  count: number | null;
  rows: JsonObject[];
}

/** What went wrong in a connector, in its own words: the message is for people, secrets are masked. */
export class ConnectorFailure extends Error {
  /** `config_error`: the configuration has to be mended. */
  readonly failureType: FailureType;
  /** What the connector adds for its developers. */
  readonly internalMessage: string | undefined;

  /** What a TRACE of the connector says. */
  static of(error: ConnectorError): ConnectorFailure {
    return new ConnectorFailure(error.message, error.failureType, error.internalMessage);
  }

  constructor(message: string, failureType: FailureType = "system_error", internalMessage?: string) {
    super(message);
    this.failureType = failureType;
    this.internalMessage = internalMessage;
  }
}

/** A failure as what a connection test has found; throws again what is none. */
export function failedCheck(error: unknown): CheckResult {
  if (!(error instanceof ConnectorFailure)) throw error;
  return { status: "failed", message: error.message, failureType: error.failureType };
}

/** What is real of a source. */
export type RealSource = Pick<Connector, "spec" | "check" | "discover" | "read">;

/** What is real of a destination. */
export interface RealDestination extends Pick<Connector, "check" | "warm"> {
  write: NonNullable<Connector["write"]>;
  rows: NonNullable<Connector["rows"]>;
}

/** What tells streams apart. */
export function streamKey(name: string, namespace: string | null | undefined): string {
  return `${namespace ?? ""}\0${name}`;
}
