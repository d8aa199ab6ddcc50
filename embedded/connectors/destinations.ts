import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { JsonObject } from "../json.ts";
import type { FailureType } from "../state.ts";
import {
  failedCheck,
  type ArrivedRows,
  type CommittedRows,
  type RealDestination,
  type Table,
  type Writer,
  type WriteRequest,
} from "./connector.ts";
import { jsonLines } from "./json-lines.ts";
import { localFile } from "./local-files.ts";
import { newRun } from "./python/confined.ts";
import type { WriterPool, WriterProcess } from "./python/writers.ts";

/** Text, or the default where there is none. */
function text(value: JsonObject[string] | undefined, otherwise: string): string {
  return typeof value === "string" && value.trim() !== "" ? value : otherwise;
}

/**
 * The destinations that are written for real, by the API's name of them.
 *
 * @param localFolder Airbyte's local destinations write below `/local`, which is this folder here, and nowhere else.
 */
export function realDestinations(pool: WriterPool, localFolder: string): Record<string, RealDestination> {
  const local = resolve(localFolder);
  const located = (configuration: JsonObject): JsonObject => {
    return { ...configuration, destination_path: localFile(local, text(configuration.destination_path, "")) };
  };
  return {
    postgres: databaseDestination({ kind: "postgres", pool, schema: ({ schema }) => text(schema, "public") }),
    duckdb: databaseDestination({
      kind: "duckdb",
      pool,
      located,
      schema: ({ schema }) => text(schema, "main"),
      // Only one process at a time can write into the file.
      exclusive: ({ destination_path: path }) => text(path, ""),
    }),
    "local-json": jsonLines(({ destination_path: path }, name) => localFile(local, `${text(path, ".")}/${name}`)),
  };
}

export interface Database {
  /** As `writer.py` knows it. */
  kind: "postgres" | "duckdb";
  pool: WriterPool;
  /** The configuration's schema, or the connector's default one. */
  schema: (configuration: JsonObject) => string;
  /** The configuration with paths that the process can open. */
  located?: (configuration: JsonObject) => JsonObject;
  /** Rows of incremental streams that a sync may lose, and read again, when it is interrupted. Default 200,000. */
  commitRows?: number;
  /** Syncs with the same key must not write at the same time. Default: they may. */
  exclusive?: (configuration: JsonObject) => string;
}

/** A database that is really there, written through PyAirbyte. */
export function databaseDestination(database: Database): RealDestination {
  const { kind, pool, schema, located = (same) => same, exclusive, commitRows = 200_000 } = database;
  const enter = async (configuration: JsonObject, signal: AbortSignal) =>
    exclusive ? turn(exclusive(configuration), signal) : () => undefined;
  const inSchemas = (tables: Table[], configuration: JsonObject): JsonObject[] =>
    tables.map((table) => ({ ...table, schema: table.schema ?? schema(configuration) }));
  return {
    warm: () => {
      pool.warm();
    },
    async check(given, signal) {
      let configuration: JsonObject;
      try {
        configuration = located(given);
      } catch (error) {
        return failedCheck(error);
      }
      const request = { type: "CHECK", destination: kind, configuration, schemas: [schema(configuration)] };
      const { status, message, failureType } = await ask(pool, request, "CONNECTION_STATUS", signal);
      if (status === "SUCCEEDED") return { status: "succeeded" };
      return { status: "failed", message: message as string, failureType: failureType as FailureType };
    },
    async rows({ configuration: given, tables, limit }) {
      const configuration = located(given);
      const release = await enter(configuration, new AbortController().signal);
      try {
        const streams = inSchemas(tables, configuration);
        const answer = await ask(pool, { type: "ROWS", destination: kind, configuration, streams, limit }, "ROWS");
        return answer.streams as unknown as ArrivedRows[];
      } finally {
        release();
      }
    },
    async write(request) {
      const configuration = located(request.configuration);
      const release = await enter(configuration, request.signal);
      const process = await pool.take().catch((error: unknown) => {
        release();
        throw error;
      });
      const writing = new Writing(process, pool, request, release);
      try {
        await writing.begin({
          destination: kind,
          configuration,
          streams: inSchemas(request.tables, configuration),
          folder: newRun(pool.folder),
          mark: createHash("sha256").update(request.connectionId).digest("hex").slice(0, 8),
          commitRows,
        });
        return writing;
      } catch (error) {
        await writing.close();
        throw error;
      }
    },
  };
}

/** A question that one answer settles. */
async function ask(pool: WriterPool, request: JsonObject, last: string, signal?: AbortSignal): Promise<JsonObject> {
  const folder = newRun(pool.folder);
  const process = await pool.take();
  const stop = () => void pool.end(process);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await process.ask({ ...request, folder }, last);
  } finally {
    signal?.removeEventListener("abort", stop);
    await rm(folder, { recursive: true, force: true });
    pool.giveBack(process);
  }
}

class Writing implements Writer {
  readonly #process: WriterProcess;
  readonly #pool: WriterPool;
  readonly #request: WriteRequest;
  readonly #release: () => void;
  #done = false;

  constructor(process: WriterProcess, pool: WriterPool, request: WriteRequest, release: () => void) {
    this.#process = process;
    this.#pool = pool;
    this.#request = request;
    this.#release = release;
    request.signal.addEventListener("abort", this.#stop, { once: true });
  }

  async begin(details: JsonObject): Promise<void> {
    this.#request.signal.throwIfAborted();
    await this.#process.ask({ type: "WRITE", ...details }, "READY", this.#tell);
  }

  write(line: string): Promise<void> | undefined {
    return this.#process.write(line);
  }

  end(): Promise<void> {
    return this.#finish({ type: "END", complete: true });
  }

  keep(): Promise<void> {
    return this.#finish({ type: "END", complete: false });
  }

  async close(): Promise<void> {
    this.#request.signal.removeEventListener("abort", this.#stop);
    if (this.#done) this.#pool.giveBack(this.#process);
    else await this.#pool.end(this.#process);
    this.#release();
  }

  async #finish(request: JsonObject): Promise<void> {
    await this.#process.ask(request, "DONE", this.#tell);
    this.#done = true;
  }

  readonly #stop = (): void => {
    void this.#pool.end(this.#process);
  };

  readonly #tell = (answer: JsonObject): void => {
    if (answer.type === "STATE") this.#request.onState(answer.state as JsonObject);
    else if (answer.type === "COMMITTED") this.#request.onCommitted(answer.streams as unknown as CommittedRows[]);
  };
}

const turns = new Map<string, Promise<void>>();

/** Waits until everybody who asked before for the same key has let go; returns how to let go. */
async function turn(key: string, signal: AbortSignal): Promise<() => void> {
  const before = turns.get(key) ?? Promise.resolve();
  let release!: () => void;
  const mine = new Promise<void>((resolve) => (release = resolve));
  turns.set(
    key,
    before.then(() => mine),
  );
  await before;
  if (signal.aborted) release();
  signal.throwIfAborted();
  return release;
}
