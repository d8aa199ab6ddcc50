// Both sides: the embedded Airbyte, and PyAirbyte alone.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../embedded/connectors/python/environments.ts";
import { ensureRunning, remove } from "../../embedded/index.ts";
import { commandOf, parentOf, peakBytes, processes } from "../../scripts/commands/test/processes.ts";
import { ask, interruption } from "../program.ts";
import { fakerConfiguration, type Warehouse } from "./warehouses.ts";

const everyMs = 50;
/** Of a first sync, which isn't measured against anything. */
export const smallRows = 1_000;

export interface EmbeddedRun {
  rows: number;
  /** From the request for the job to its end. */
  seconds: number;
  /** From the request for the job to the first row that the API shows; it shows them twice a second. */
  firstRowSeconds: number;
}

export interface EmbeddedAirbyte {
  /** From the start of the server's process to the first row of a small first sync, and to the end of it. */
  cold: { firstRowSeconds: number; seconds: number };
  run: () => Promise<EmbeddedRun>;
  /** The most memory that the processes have had until now; null where the system doesn't tell. */
  memory: () => { server: number | null; writer: number | null };
  stop: () => Promise<void>;
}

/** A server of its own with Faker, the warehouse and a connection, in full_refresh_overwrite, after a small sync. */
export async function startAirbyte(rows: number, warehouse: Warehouse, dataDir: string): Promise<EmbeddedAirbyte> {
  const began = performance.now();
  const { url, pid } = await ensureRunning(dataDir, { connectors: "real", auth: "none" });
  try {
    const api = `${url}/api/public/v1`;
    const small = await connect(api, smallRows, warehouse);
    const beforeSync = since(began);
    const { firstRowSeconds, seconds } = await sync(api, small);
    const connectionId = await connect(api, rows, warehouse);
    return {
      cold: { firstRowSeconds: beforeSync + firstRowSeconds, seconds: beforeSync + seconds },
      run: () => sync(api, connectionId),
      memory: () => ({ server: peakBytes(pid), writer: mostOf(writersOf(pid)) }),
      stop: () => remove(dataDir),
    };
  } catch (error) {
    await remove(dataDir);
    throw error;
  }
}

async function connect(api: string, rows: number, { kind, destination }: Warehouse): Promise<string> {
  const [workspace] = (await ask<{ data: { workspaceId: string }[] }>(`${api}/workspaces`)).data;
  const make = <T>(path: string, body: object) => ask<T>(`${api}/${path}`, { ...body, ...workspace });
  const { sourceId } = await make<{ sourceId: string }>("sources", {
    name: "Faker",
    configuration: { sourceType: "faker", ...fakerConfiguration(rows) },
  });
  const { destinationId } = await make<{ destinationId: string }>("destinations", {
    name: "Warehouse",
    configuration: { destinationType: kind, ...destination },
  });
  const streams = ["users", "products", "purchases"].map((name) => ({ name, syncMode: "full_refresh_overwrite" }));
  const connection = { sourceId, destinationId, configurations: { streams } };
  return (await ask<{ connectionId: string }>(`${api}/connections`, connection)).connectionId;
}

async function sync(api: string, connectionId: string): Promise<EmbeddedRun> {
  const began = performance.now();
  const { jobId } = await ask<{ jobId: number }>(`${api}/jobs`, { connectionId, jobType: "sync" });
  let firstRowSeconds: number | undefined;
  for (;;) {
    const { status, rowsSynced } = await ask<{ status: string; rowsSynced: number }>(`${api}/jobs/${jobId}`);
    if (rowsSynced > 0) firstRowSeconds ??= since(began);
    if (status === "succeeded") {
      const seconds = since(began);
      return { rows: rowsSynced, seconds, firstRowSeconds: firstRowSeconds ?? seconds };
    }
    if (!["pending", "running"].includes(status)) throw new Error(`The sync of the embedded Airbyte is ${status}`);
    await delay(everyMs, undefined, { signal: interruption });
  }
}

/** The processes of a server that write into databases. */
function writersOf(server: number): number[] {
  return processes().filter((pid) => commandOf(pid).includes("writer.py") && parentOf(pid) === server);
}

function mostOf(pids: number[]): number | null {
  const known = pids.map(peakBytes).filter((bytes) => bytes !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function since(began: number): number {
  return (performance.now() - began) / 1000;
}

const program = fileURLToPath(new URL("pyairbyte.py", import.meta.url));

export interface DirectRun {
  rows: number;
  /** Of PyAirbyte's `read` alone. */
  seconds: number;
  /** From the start of Python to the end of `read`. */
  wholeSeconds: number;
  /** From the start of a reading to its first row. */
  firstRowSeconds: number;
  peakBytes: number;
}

/** One run of the source by PyAirbyte, without this project. */
export async function readDirectly(rows: number, { kind, cache }: Warehouse, folder: string): Promise<DirectRun> {
  const { python } = await pythonEnvironment("pyairbyte", console.error);
  const faker = await startableFaker(folder);
  const request = { program: faker, source: fakerConfiguration(rows), kind, cache, began: Date.now() / 1000 };
  const child = spawn(python, ["-W", "ignore", program], {
    cwd: folder,
    env: environment(folder),
    signal: interruption,
  });
  child.stdin.end(JSON.stringify(request));
  const closed = new Promise<number | null>((resolve, reject) => child.once("close", resolve).once("error", reject));
  const [code, output, errors] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`PyAirbyte ended with ${code}: ${errors.trim().split("\n").at(-1) ?? ""}`);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as DirectRun;
}

/** PyAirbyte starts one file. The connector's own begins with the path of an interpreter that need not be there. */
async function startableFaker(folder: string): Promise<string> {
  const { python, bin } = await pythonEnvironment("source-faker", console.error);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "source-faker");
  writeFileSync(file, `#!/bin/sh\nexec '${python}' '${join(bin, "source-faker")}' "$@"\n`, { mode: 0o700 });
  return file;
}

// As for the embedded Airbyte's own writer: no telemetry, and nothing left in the user's folders.
function environment(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG } = process.env;
  return {
    ...{ PATH, HOME, LANG, AIRBYTE_OFFLINE_MODE: "1", DO_NOT_TRACK: "1" },
    AIRBYTE_LOGGING_ROOT: join(folder, "logs"),
    AIRBYTE_PROJECT_DIR: folder,
  };
}
