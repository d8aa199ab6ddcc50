import {
  ConnectorFailure,
  streamKey,
  type CommittedRows,
  type ConfiguredStream,
  type ConnectorMessage,
  type Writer,
} from "../connectors/connector.ts";
import type { JsonObject } from "../json.ts";
import type { AttemptFailure, Connection, FailureOrigin, StreamCounts } from "../state.ts";
import type { JobLog } from "./job-log.ts";
import { mapperOf, type StreamMapper } from "./mappers.ts";
import { tablesOf, type End } from "./plan.ts";

interface Sync {
  connection: Connection;
  source: End;
  destination: End;
  streams: ConfiguredStream[];
  /** AirbyteStateMessages to go on from. */
  state: JsonObject[] | null;
  counts: Counts;
  log: JobLog;
  signal: AbortSignal;
  /** A state whose records are safe in the destination. */
  onState: (state: JsonObject) => void;
}

/** An attempt that failed, and whose fault it is. */
export class SyncFailure extends Error {
  readonly failure: AttemptFailure;

  constructor(failure: AttemptFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Moves what the source has into the destination, message by message. Throws a SyncFailure, or why it was aborted. */
export async function runSync(sync: Sync): Promise<void> {
  const { source, streams, state, signal } = sync;
  let origin: FailureOrigin = "destination";
  let writer: Writer | null = null;
  try {
    // Made-up rows have no business in somebody's database.
    writer = source.connector.simulated ? null : await openWriter(sync);
    const pass = passing(sync, writer);
    origin = "source";
    try {
      for await (const message of source.connector.read(source.configuration, { streams }, state, signal)) {
        signal.throwIfAborted();
        const wait = pass(message);
        if (!wait) continue;
        origin = "destination";
        await wait;
        origin = "source";
      }
    } catch (error) {
      if (origin === "source" && !signal.aborted) await writer?.keep().catch(() => undefined);
      throw error;
    }
    origin = "destination";
    await writer?.end();
    if (!writer) sync.counts.commitAll();
  } catch (error) {
    signal.throwIfAborted();
    throw new SyncFailure(failureOf(error, origin));
  } finally {
    await writer?.close();
  }
}

/** Empties the tables of these streams. */
export async function clear(sync: Omit<Sync, "source" | "state" | "onState">): Promise<void> {
  const emptied = sync.streams.map((stream) => ({ ...stream, destinationSyncMode: "overwrite" as const }));
  let writer: Writer | null = null;
  try {
    writer = await openWriter({ ...sync, streams: emptied, onState: () => undefined });
    await writer?.end();
  } catch (error) {
    sync.signal.throwIfAborted();
    throw new SyncFailure(failureOf(error, "destination"));
  } finally {
    await writer?.close();
  }
}

/** Null for a destination that is only played. */
async function openWriter(sync: Omit<Sync, "source" | "state">): Promise<Writer | null> {
  const { connection, destination, streams, signal, counts, onState } = sync;
  const tables = tablesOf(connection, streams);
  const { connector, configuration } = destination;
  return (
    (await connector.write?.({
      configuration,
      tables,
      connectionId: connection.id,
      signal,
      onState,
      onCommitted: (rows) => {
        counts.commit(rows);
      },
    })) ?? null
  );
}

/** What is done with each message of the source. */
function passing(sync: Sync, writer: Writer | null): (message: ConnectorMessage) => Promise<void> | undefined {
  const { log, counts } = sync;
  const mappers = mappersOf(sync);
  return (message) => {
    switch (message.type) {
      case "LOG":
        log.connector("source", message.log.level, message.log.message);
        return undefined;
      case "TRACE":
        throw ConnectorFailure.of(message.error);
      case "STATE":
        if (!writer) sync.onState(message.state);
        return writer?.write(message.line ?? JSON.stringify({ type: "STATE", state: message.state }));
      case "RECORD": {
        const line = lineOf(message, mappers, writer !== null);
        if (line === null) return undefined;
        const { stream, namespace } = message.record;
        if (!counts.read(stream, namespace, Buffer.byteLength(line))) return undefined;
        return writer?.write(line);
      }
    }
  };
}

type RecordMessage = Extract<ConnectorMessage, { type: "RECORD" }>;

/** The record as a line: untouched where no mapper asks for more; null where a mapper leaves it out. */
function lineOf({ record, line }: RecordMessage, mappers: Map<string, StreamMapper>, written: boolean): string | null {
  const mapper = mappers.size === 0 ? undefined : mappers.get(streamKey(record.stream, record.namespace));
  if (!mapper && line !== undefined) return line;
  const data = mapper ? mapper.record({ ...record.data }) : record.data;
  if (data === null) return null;
  // Of a record that goes nowhere only the size is wanted.
  if (!written) return JSON.stringify(data);
  const { stream, namespace, emittedAt } = record;
  return JSON.stringify({ type: "RECORD", record: { stream, namespace, data, emitted_at: emittedAt } });
}

function mappersOf({ connection, log }: Pick<Sync, "connection" | "log">): Map<string, StreamMapper> {
  const mappers = new Map<string, StreamMapper>();
  for (const { name, namespace, mappers: configured } of connection.streams) {
    const mapper = mapperOf(configured);
    for (const remark of mapper.remarks) log.say(`WARN ${name}: ${remark}`);
    if (mapper.needed) mappers.set(streamKey(name, namespace), mapper);
  }
  return mappers;
}

/** The rows and bytes of one attempt, by stream. */
export class Counts {
  readonly streams: StreamCounts[];
  #last: StreamCounts | undefined;

  constructor(streams: { name: string; namespace?: string | null | undefined }[]) {
    this.streams = streams.map(({ name, namespace = null }) => ({ name, namespace, rows: 0, bytes: 0, committed: 0 }));
  }

  /** False for a stream that wasn't asked for. */
  read(name: string, namespace: string | undefined, bytes: number): boolean {
    // Records of a stream come in long rows: nearly always it is the one of the record before.
    if (this.#last?.name !== name || this.#last.namespace !== (namespace ?? null)) {
      this.#last = this.#find(name, namespace ?? null);
    }
    if (!this.#last) return false;
    this.#last.rows += 1;
    this.#last.bytes += bytes;
    return true;
  }

  commit(streams: CommittedRows[]): void {
    for (const { name, namespace, rows } of streams) {
      const stream = this.#find(name, namespace);
      if (stream) stream.committed += rows;
    }
  }

  commitAll(): void {
    for (const stream of this.streams) stream.committed = stream.rows;
  }

  #find(name: string, namespace: string | null): StreamCounts | undefined {
    return this.streams.find((stream) => stream.name === name && stream.namespace === namespace);
  }
}

export function totals(streams: StreamCounts[]) {
  return {
    rows: sum(streams, "rows"),
    bytes: sum(streams, "bytes"),
    committed: sum(streams, "committed"),
  };
}

function sum(streams: StreamCounts[], key: "rows" | "bytes" | "committed"): number {
  return streams.reduce((total, stream) => total + stream[key], 0);
}

/** Only rows are counted when they are written. */
export function committedBytes({ rows, bytes, committed }: Pick<StreamCounts, "rows" | "bytes" | "committed">): number {
  return rows === 0 ? 0 : Math.round((bytes * committed) / rows);
}

export function failureOf(error: unknown, origin: FailureOrigin): AttemptFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ConnectorFailure)) return { origin, type: "system_error", message };
  const { failureType: type, internalMessage } = error;
  return { origin, type, message, ...(internalMessage === undefined ? {} : { internalMessage }) };
}
