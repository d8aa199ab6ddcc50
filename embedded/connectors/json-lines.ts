import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, type WriteStream } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { isObject, type JsonObject } from "../json.ts";
import {
  ConnectorFailure,
  streamKey,
  type ArrivedRows,
  type RealDestination,
  type Table,
  type Writer,
  type WriteRequest,
} from "./connector.ts";

/**
 * Files of JSON lines, one per stream: `_airbyte_raw_STREAM.jsonl`, a record a line as
 * `{_airbyte_ab_id, _airbyte_emitted_at, _airbyte_data}`, as Airbyte's Local JSON destination writes them.
 *
 * @param fileOf the file of that name in the configuration's folder; throws where it lies, or leads, elsewhere.
 */
export function jsonLines(fileOf: (configuration: JsonObject, name: string) => string): RealDestination {
  return {
    async check(configuration) {
      try {
        const trial = fileOf(configuration, `_airbyte_connection_test_${randomUUID()}`);
        await mkdir(dirname(trial), { recursive: true });
        await writeFile(trial, "");
        await rm(trial);
        return { status: "succeeded" };
      } catch (error) {
        return { status: "failed", message: (error as Error).message, failureType: "config_error" };
      }
    },
    async write(request) {
      await mkdir(fileOf(request.configuration, "."), { recursive: true });
      return new JsonLinesWriter((name) => fileOf(request.configuration, name), request);
    },
    rows({ configuration, tables, limit }) {
      const readings = tables.map((table) => ({ table, file: fileOf(configuration, `${fileName(table)}.jsonl`) }));
      return Promise.all(readings.map(({ table, file }) => readLines(file, table, limit)));
    },
  };
}

async function readLines(file: string, { name, namespace }: Table, limit: number): Promise<ArrivedRows> {
  if (!existsSync(file)) return { name, namespace, count: null, rows: [] };
  const rows: JsonObject[] = [];
  let count = 0;
  for await (const line of createInterface(createReadStream(file))) {
    if (rows.length < limit) rows.push((JSON.parse(line) as { _airbyte_data: JsonObject })._airbyte_data);
    count += 1;
  }
  return { name, namespace, count, rows };
}

interface Output {
  table: Table;
  file: string;
  /** What this sync has written so far: becomes the file, or is added to it, at the end. */
  partial: string;
  stream: WriteStream;
  rows: number;
  /** The fields to be written; null: all. */
  fields: Set<string> | null;
}

class JsonLinesWriter implements Writer {
  readonly #request: WriteRequest;
  readonly #outputs = new Map<string, Output>();
  readonly #states: JsonObject[] = [];

  constructor(fileOf: (name: string) => string, request: WriteRequest) {
    this.#request = request;
    const mark = createHash("sha256").update(request.connectionId).digest("hex").slice(0, 8);
    for (const table of request.tables) {
      const name = `${fileName(table)}.jsonl`;
      const [file, partial] = [fileOf(name), fileOf(`${name}.${mark}.partial`)];
      const fields = Object.keys((table.jsonSchema.properties ?? {}) as JsonObject);
      const stream = createWriteStream(partial);
      // Told by the next write, or at the end.
      stream.on("error", () => undefined);
      const output = { table, file, partial, stream, rows: 0, fields: fields.length > 0 ? new Set(fields) : null };
      this.#outputs.set(streamKey(table.name, table.namespace), output);
    }
  }

  write(line: string): Promise<void> | undefined {
    const { type, record, state } = JSON.parse(line) as Record<string, JsonObject>;
    if (state) this.#states.push(state);
    if ((type as unknown) !== "RECORD" || !record) return undefined;
    const output = this.#outputs.get(streamKey(record.stream as string, record.namespace as string | undefined));
    if (!output) return undefined;
    output.rows += 1;
    const data = {
      _airbyte_ab_id: randomUUID(),
      _airbyte_emitted_at: record.emitted_at,
      _airbyte_data: selected(record.data, output.fields),
    };
    if (output.stream.errored) return Promise.reject(failure(output.stream.errored));
    return output.stream.write(JSON.stringify(data) + "\n") ? undefined : drained(output.stream);
  }

  async end(): Promise<void> {
    await this.#finish([...this.#outputs.values()]);
  }

  async keep(): Promise<void> {
    await this.#finish([...this.#outputs.values()].filter(({ table }) => table.incremental && table.mode === "append"));
  }

  async close(): Promise<void> {
    for (const { stream, partial } of this.#outputs.values()) {
      if (!stream.closed) await new Promise<void>((resolve) => stream.once("close", resolve).destroy());
      await rm(partial, { force: true });
    }
  }

  async #finish(outputs: Output[]): Promise<void> {
    for (const { stream, file, partial, table } of outputs) {
      this.#request.signal.throwIfAborted();
      await finished(stream);
      const replaces = table.mode === "overwrite" || table.mode === "overwrite_dedup";
      if (replaces) await rename(partial, file);
      else if ((await stat(partial)).size > 0) await append(partial, file);
    }
    const written = outputs.map(({ table: { name, namespace }, rows }) => ({ name, namespace, rows }));
    this.#request.onCommitted(written);
    for (const state of this.#states) {
      if (outputs.length === this.#outputs.size || written.some((stream) => isAbout(state, stream))) {
        this.#request.onState(state);
      }
    }
  }
}

async function append(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createWriteStream(to, { flags: "a" }));
}

async function finished(stream: WriteStream): Promise<void> {
  if (stream.errored) throw failure(stream.errored);
  await new Promise<void>((resolve, reject) => {
    stream.once("error", (error) => {
      reject(failure(error));
    });
    stream.end(resolve);
  });
}

async function drained(stream: WriteStream): Promise<void> {
  await once(stream, "drain").catch((error: unknown) => {
    throw failure(error as Error);
  });
}

function failure(error: Error): ConnectorFailure {
  return new ConnectorFailure(error.message, "system_error");
}

function isAbout({ stream }: JsonObject, { name, namespace }: { name: string; namespace: string | null }): boolean {
  const descriptor = isObject(stream) ? stream.stream_descriptor : undefined;
  return isObject(descriptor) && descriptor.name === name && (descriptor.namespace ?? null) === namespace;
}

function selected(data: JsonObject[string] | undefined, fields: Set<string> | null): JsonObject {
  if (!isObject(data)) return {};
  return fields ? Object.fromEntries(Object.entries(data).filter(([field]) => fields.has(field))) : data;
}

function fileName({ schema, prefix, name }: Table): string {
  return `_airbyte_raw_${schema === null ? "" : `${schema}_`}${prefix}${name}`.replace(/[^A-Za-z0-9_-]/g, "_");
}
