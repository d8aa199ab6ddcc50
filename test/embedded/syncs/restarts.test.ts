// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Credentials } from "../../../embedded/credentials.ts";
import { needsConnector } from "../connectors/real.ts";
import { freePort } from "../../doubles/free-port.ts";
import { getToken, send, temporaryFolder } from "../start.ts";
import { connectFaker, sync, type Calls } from "./pipelines.ts";

beforeEach((context) => needsConnector(context, "source-faker", "pyairbyte"), 900_000);

const main = fileURLToPath(new URL("../../../embedded/main.ts", import.meta.url));
const given = join(".airbyte", "dev", "embedded");

interface Started extends Calls {
  rows: (connectionId: string) => Promise<Record<string, number | null>>;
  end: (signal: NodeJS.Signals) => Promise<void>;
}

/** A server whose data folder is given relative to the folder that it is started in. */
async function startIn(project: string): Promise<Started> {
  const port = await freePort();
  const args = ["--data", given, "--port", String(port), "--connectors", "real"];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], { cwd: project, stdio: "ignore", detached: true }); // prettier-ignore
  onTestFinished(() => end(child, "SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  const credentials = join(project, given, "credentials.json");
  while (!existsSync(credentials) || !(await fetch(`${url}/`).catch(() => undefined))) await delay(50);
  const known = JSON.parse(readFileSync(credentials, "utf8")) as Credentials;
  const server = { ...known, url, port, workspaceId: "", close: () => Promise.resolve() };
  const { access_token: token } = await getToken(server);
  const call: Calls["call"] = (method, path, body) => send(method, `${url}/api/public/v1${path}`, token, body);
  const { data } = (await call("GET", "/workspaces")).body as { data: { workspaceId: string }[] };
  return {
    call,
    workspaceId: data[0]?.workspaceId ?? "",
    async rows(connectionId) {
      const { body } = await send("GET", `${url}/api/embedded/rows/${connectionId}?limit=0`, token);
      const streams = body.streams as { name: string; count: number | null }[];
      return Object.fromEntries(streams.map(({ name, count }) => [name, count]));
    },
    end: (signal) => end(child, signal),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

test(
  "rows in DuckDB are there after a kill, and after one of a version that looked elsewhere for them",
  { timeout: 900_000 },
  async () => {
    const project = temporaryFolder();
    const local = join(project, given, "local");
    const destination = { destinationType: "duckdb", destination_path: "/local/lake.duckdb" };
    let server = await startIn(project);
    const { connectionId } = await connectFaker(server, 5, destination, "incremental_deduped_history");
    expect(await sync(server, connectionId)).toMatchObject({ status: "succeeded" });
    const arrived = { users: 5, products: 5, purchases: 5 };
    expect(existsSync(join(local, "lake.duckdb"))).toBe(true);

    await server.end("SIGKILL");
    server = await startIn(project);
    // The killed one's writer ends a moment after it, and has the file until then.
    await vi.waitFor(async () => expect(await server.rows(connectionId)).toEqual(arrived), 120_000);

    await server.end("SIGKILL");
    const before = join(project, given, "writers", given);
    mkdirSync(before, { recursive: true });
    renameSync(local, join(before, "local"));
    server = await startIn(project);
    await vi.waitFor(async () => expect(await server.rows(connectionId)).toEqual(arrived), 120_000);
    expect(existsSync(join(local, "lake.duckdb"))).toBe(true);
  },
);
