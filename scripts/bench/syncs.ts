// npm run bench -- syncs [ROWS]: rows a second of Airbyte's sample data into DuckDB and PostgreSQL, through the embedded
// Airbyte and by PyAirbyte alone, side by side. A benchmark, not a test: it judges nothing.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../embedded/connectors/python/environment.ts";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { startPostgres, whyNoPostgres } from "../../test/embedded/syncs/postgresql.ts";

type Configuration = Record<string, string | number>;

interface Figure {
  destination: string;
  rows: number;
  /** From the start of the job, or of the Python program, to its end; both with their libraries imported. */
  embeddedSeconds: number;
  pyairbyteSeconds: number;
  /** More than 1: the embedded Airbyte is faster. */
  ratio: number;
  /** Of this process, which is the server, in MB. */
  peakMemory: number;
}

const STREAMS = ["users", "products", "purchases"];

/** Prints a table and writes `bench-syncs.json`; resolves with the exit code. */
export async function benchSyncs(count: number): Promise<number> {
  const { python } = await pythonEnvironment("pyairbyte", console.log);
  const source = await pythonEnvironment("source-faker", console.log);
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const server = await createEmbeddedServer({ dataDir: join(folder, "embedded"), connectors: "real" });
  const postgres = whyNoPostgres === undefined ? await startPostgres() : undefined;
  const figures: Figure[] = [];
  try {
    const duckdb = { destinationType: "duckdb", destination_path: join(folder, "embedded.duckdb") };
    const targets: [string, Configuration][] = [["DuckDB", duckdb]];
    if (postgres) targets.push(["PostgreSQL", { destinationType: "postgres", ...postgres.configuration }]);
    else console.log(`PostgreSQL is left out: ${whyNoPostgres}`);
    for (const [destination, configuration] of targets) {
      const { rows, seconds, peakMemory } = await throughServer(server, count, configuration);
      const alone = await byPyAirbyte(python, source, folder, count, configuration);
      const ratio = Number((alone / seconds).toFixed(2));
      figures.push({ destination, rows, embeddedSeconds: seconds, pyairbyteSeconds: alone, ratio, peakMemory });
    }
  } finally {
    await server.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const machine = { cores: cpus().length, memoryGb: Math.round(totalmem() / 1e9), node: process.versions.node };
  writeFileSync("bench-syncs.json", JSON.stringify({ machine, figures }, null, 2) + "\n");
  console.table(figures);
  return 0;
}

/** A full refresh of all three streams; the writer is started and the catalog known before the clock runs. */
async function throughServer(server: EmbeddedServer, count: number, destination: Configuration) {
  const call = caller(server);
  const { workspaceId } = server;
  const faker = { sourceType: "faker", count, seed: 1 };
  const { sourceId } = await call("POST", "/sources", { name: "bench", workspaceId, configuration: faker });
  const to = { name: "bench", workspaceId, configuration: destination };
  const { destinationId } = await call("POST", "/destinations", to);
  const streams = STREAMS.map((name) => ({ name, syncMode: "full_refresh_overwrite" }));
  const { connectionId } = await call("POST", "/connections", { sourceId, destinationId, configurations: { streams } });
  await delay(15_000); // the writer's libraries are imported meanwhile
  const begun = performance.now();
  const job = await call("POST", "/jobs", { connectionId, jobType: "sync" });
  let peakMemory = 0;
  for (;;) {
    await delay(200);
    peakMemory = Math.max(peakMemory, Math.round(process.memoryUsage().rss / 1e6));
    const { status, rowsSynced } = await call("GET", `/jobs/${String(job.jobId)}`);
    if (status === "succeeded") return { rows: Number(rowsSynced), seconds: since(begun), peakMemory };
    if (status === "failed") throw new Error("The sync failed");
  }
}

/** The same rows by `source.read(cache=…)`; the configuration goes in by stdin. */
async function byPyAirbyte(
  python: string,
  source: { bin: string; python: string },
  folder: string,
  count: number,
  destination: Configuration,
): Promise<number> {
  const script = fileURLToPath(new URL("pyairbyte.py", import.meta.url));
  const starter = join(folder, "source-faker");
  writeFileSync(starter, `#!/bin/sh\nexec "${source.python}" "${join(source.bin, "source-faker")}" "$@"\n`, {
    mode: 0o755,
  });
  const child = spawn(python, ["-W", "ignore", script], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, AIRBYTE_OFFLINE_MODE: "1", DO_NOT_TRACK: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ source: starter, count, folder, streams: STREAMS, destination }));
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  const seconds = /^seconds (\S+)$/m.exec(out)?.[1];
  if (seconds === undefined) throw new Error("PyAirbyte alone failed");
  return Number(Number(seconds).toFixed(1));
}

function caller({ url, clientId, clientSecret }: EmbeddedServer) {
  const json = { "content-type": "application/json" };
  const ask = async (method: string, path: string, body?: object, more: Record<string, string> = {}) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/public/v1${path}`, { method, headers: { ...json, ...more }, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text) as Record<string, string | number>;
  };
  const token = () => ask("POST", "/applications/token", { client_id: clientId, client_secret: clientSecret });
  return async (method: string, path: string, body?: object) => {
    const { access_token } = await token();
    return ask(method, path, body, { authorization: `Bearer ${String(access_token)}` });
  };
}

function since(begun: number): number {
  return Number(((performance.now() - begun) / 1000).toFixed(1));
}
