import type { JsonObject } from "../json.ts";

/** One stream on its way into a destination. */
export interface Target {
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
  targets: Target[];
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
export interface RowsRequest {
  configuration: JsonObject;
  targets: Target[];
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
