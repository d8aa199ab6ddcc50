import type { Issue } from "../../../../errors/zod-issues.ts";
import { grouped, oncePerPlace } from "./places.ts";
import { fullName, isPattern, select, type OfferedStream } from "./stream-selection.ts";
import type { StreamInputs } from "./streams.ts";

// Streams that end in one table. Airbyte lets them: with a mode that overwrites, the rows of the last sync are all that is left.

/** A connection as far as it says where its streams end. */
export interface Writer {
  /** What a person knows it by: the name of its entry. */
  connection: string;
  /** Names of entries, or ids. */
  source: string;
  destination: string;
  inputs: {
    streams?: StreamInputs[];
    streamSelection?: StreamInputs[];
    streamDefaults?: Partial<StreamInputs>;
    offeredStreams?: OfferedStream[];
    namespaceDefinition?: string;
    namespaceFormat?: string;
    prefix?: string;
    status?: string;
  };
}

/** What is to be said of a table that several streams end in; the path is one of the connection's inputs. */
export interface SharedTable extends Issue {
  connection: string;
  /** Nobody can be sure that rows get lost, or that it is one table. */
  isWarning: boolean;
}

/** A stream on its way into a table. */
interface Writing {
  writer: Writer;
  stream: StreamInputs;
  path: PropertyKey[];
}

const OVERWRITES = ["full_refresh_overwrite", "full_refresh_overwrite_deduped"];

/**
 * Tables that several of the connections' streams end in, each told once, at the second stream. A mistake where one of them overwrites, so
 * that rows are lost for certain; else a warning, since many sources in one table may be meant.
 *
 * @param connections with their streams resolved, or as a file has them: of those, patterns are passed over
 */
export function sharedTables(connections: readonly Writer[]): SharedTable[] {
  const tables = grouped(connections.flatMap(writings), (one) => [one.writer.destination, ...tableOf(one)]);
  const shared = tables.filter((table) => table.length > 1).map(told);
  // Two connections that share one table usually share many.
  return oncePerPlace(shared, "table", ({ connection, path, isWarning }) => [connection, path, isWarning]);
}

function writings(writer: Writer): Writing[] {
  const { streams = [], streamSelection, streamDefaults = {}, offeredStreams = [] } = writer.inputs;
  const entries = streamSelection ?? streams;
  return select(entries, streamDefaults, offeredStreams)
    .filter(({ stream }) => !isPattern(stream))
    .map(({ stream, from }) => ({ writer, stream, path: ["streams", from.at(-1) ?? 0] }));
}

/** Where a stream ends: its namespace there, as far as that is known, and the table. */
function tableOf({ writer: { inputs }, stream }: Writing): [namespace: string, table: string] {
  const { namespaceDefinition = "destination", namespaceFormat = "", prefix = "" } = inputs;
  const table = `${prefix}${stream.name}`;
  const format =
    { source: OF_SOURCE, destination: "", custom_format: namespaceFormat.trim() }[namespaceDefinition] ?? "";
  const known = stream.namespace === undefined ? format : format.replaceAll(OF_SOURCE, stream.namespace);
  return [known, table];
}

const OF_SOURCE = "${SOURCE_NAMESPACE}";

function told(table: readonly Writing[]): SharedTable {
  const [first, second, ...others] = table as [Writing, Writing, ...Writing[]];
  const { connection } = second.writer;
  const [namespace, name] = tableOf(second);
  const isOpen = namespace.includes(OF_SOURCE) && table.some(({ writer }) => writer.source !== first.writer.source);
  const isPaused = table.some(({ writer }) => writer.inputs.status === "inactive");
  const overwriting = table
    .map(({ stream }) => stream.syncMode ?? "full_refresh_overwrite")
    .find((mode) => OVERWRITES.includes(mode));
  const where = JSON.stringify(namespace === "" || namespace.includes(OF_SOURCE) ? name : `${namespace}.${name}`);
  const isOne = first.writer.connection === connection;
  const other = isOne
    ? `that of ${streamName(first)}`
    : `that of ${streamName(first)} of the connection ${JSON.stringify(first.writer.connection)}`;
  const more = others.length === 0 ? "" : `, and that of ${others.length} more`;
  const maybe = isOpen ? ", if both sources have it in the same namespace" : "";
  const lost = overwriting
    ? `${overwriting} leaves nothing of what the other wrote`
    : "which is right only if their rows belong together";
  const apart = isOne
    ? "give namespaceDefinition: source, or a namespaceFormat with ${SOURCE_NAMESPACE}"
    : "give one of the connections a prefix, or a namespace of its own";
  return {
    connection,
    path: second.path,
    text: `the table of the stream ${streamName(second)} in the destination, ${where}, is ${other}, too${more}${maybe}: ${lost}; ${apart}`,
    isWarning: overwriting === undefined || isOpen || isPaused,
  };
}

function streamName({ stream }: Writing): string {
  return JSON.stringify(fullName(stream));
}

/** The sure ones among entries of files, as their schemas give them. */
export function sharedTablesOf(all: Record<string, Record<string, unknown>>): (Issue & { entry: string })[] {
  const { connections = {}, destinations = {} } = all;
  const writers = Object.entries(connections).flatMap(([connection, entry]): Writer[] => {
    const { source, destination, ...inputs } = entry as Writer["inputs"] & { source?: string; destination?: string };
    // Of one with mistakes parts are missing.
    const isWhole = typeof source === "string" && typeof destination === "string";
    return isWhole && !keepsNothing(destinations[destination]) ? [{ connection, source, destination, inputs }] : [];
  });
  const sure = sharedTables(writers).filter(({ isWarning }) => !isWarning);
  return sure.map(({ connection: entry, path, text }) => ({ entry, path, text }));
}

/** Airbyte's destination for tests: rows that reach it are dropped. */
function keepsNothing(destination: unknown): boolean {
  const { connector, definitionId } = (destination ?? {}) as { connector?: unknown; definitionId?: unknown };
  return connector === "dev-null" || definitionId === "a7bcc9d8-13b3-4e49-b80d-d020b90045e3";
}
