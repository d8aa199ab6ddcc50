import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { ensureRunning, remove, reserveAddress, type RunningServer } from "../../../embedded/index.ts";
import { needsConnector } from "../connectors/real.ts";
import { getToken, send, temporaryFolder } from "../start.ts";
import { queryDuckDb } from "./duckdb.ts";
import { connectFaker, jobWhen, startSync, sync, type Calls } from "./pipelines.ts";
import { startPostgres, whyNoPostgres } from "../../../bench/syncs/warehouses.ts";
import { freePort } from "../../doubles/free-port.ts";

beforeEach((context) => needsConnector(context, "source-faker", "pyairbyte"), 900_000);

async function callsTo(server: RunningServer): Promise<Calls> {
  const { access_token: token } = await getToken({
    ...server,
    port: 0,
    workspaceId: "",
    close: () => Promise.resolve(),
  });
  const call: Calls["call"] = (method, path, body) => send(method, `${server.url}/api/public/v1${path}`, token, body);
  const { data } = (await call("GET", "/workspaces")).body as { data: { workspaceId: string }[] };
  return { call, workspaceId: data[0]?.workspaceId ?? "" };
}

/** The processes that this one has started, as /proc tells. */
function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

interface Warehouse {
  /** A destination's configuration. */
  destination: object;
  query: (sql: string) => Promise<(string | null)[][]>;
}

const warehouses = {
  duckdb: (dataDir: string): Promise<Warehouse> =>
    Promise.resolve({
      destination: { destinationType: "duckdb", destination_path: "/local/killed.duckdb" },
      query: (sql) => queryDuckDb(join(dataDir, "local", "killed.duckdb"), sql),
    }),
  postgres: async (): Promise<Warehouse> => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    return {
      destination: { destinationType: "postgres", ...postgres.configuration },
      query: (sql) => Promise.resolve(postgres.query(sql)),
    };
  },
};

test.skipIf(!existsSync("/proc/self/stat")).for(["duckdb", "postgres"] as const)(
  "a server killed in the middle of a sync into %s: its processes end, the job has failed, and the next one loses and doubles nothing",
  { timeout: 600_000 },
  async (kind, context) => {
    if (kind === "postgres" && whyNoPostgres !== undefined) context.skip(whyNoPostgres);
    const dataDir = join(temporaryFolder(), "airbyte");
    const { destination, query } = await warehouses[kind](dataDir);
    reserveAddress(dataDir, await freePort());
    onTestFinished(() => remove(dataDir));
    const first = await ensureRunning(dataDir, { connectors: "real" });
    let calls = await callsTo(first);
    const { connectionId } = await connectFaker(calls, 8_000, destination, "incremental_deduped_history");
    const jobId = await startSync(calls, connectionId);
    await jobWhen(calls, jobId, ({ rowsSynced }) => rowsSynced > 500);
    const children = childrenOf(first.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    process.kill(first.pid, "SIGKILL");
    for (let n = 0; n < 200 && children.some(isAlive); n++) await delay(100);
    expect(children.filter(isAlive)).toEqual([]);

    calls = await callsTo(await ensureRunning(dataDir));
    expect((await jobWhen(calls, jobId, () => true)).status).toBe("failed");
    expect(await sync(calls, connectionId)).toMatchObject({ status: "succeeded" });
    expect(await query("select count(*), count(distinct id), max(id) from users")).toEqual([["8000", "8000", "8000"]]);
    const loaded = await query(
      "select table_name from information_schema.tables where table_schema in ('main', 'public')",
    );
    expect(loaded.flat().sort()).toEqual(["products", "purchases", "users"]);
    expect(readdirSync(join(dataDir, "writers")).filter((name) => name !== "logs")).toEqual([]);
  },
);
