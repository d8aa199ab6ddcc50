// What is synced: Faker's rows, and the databases that they go into.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** As many as there are, whatever is asked for. */
const products = 100;

/** Faker's configuration for so many rows in its three streams together: as many users as purchases, and its products. */
export function fakerConfiguration(rows: number): { count: number; seed: number } {
  return { count: (rows - products) / 2, seed: 1 };
}

/** Whether Faker can make exactly so many rows. */
export function isPossible(rows: number): boolean {
  return Number.isInteger(rows) && rows % 2 === 0 && rows > 2 * products;
}

export const warehouseKinds = ["duckdb", "postgres"] as const;
export type WarehouseKind = (typeof warehouseKinds)[number];

/** A database for both sides, each with its own schema or file. */
export interface Warehouse {
  kind: WarehouseKind;
  /** The configuration of Airbyte's destination. */
  destination: Record<string, unknown>;
  /** The arguments of PyAirbyte's cache. */
  cache: Record<string, unknown>;
  stop: () => Promise<void>;
}

/** Throws where this machine has no such database. */
export async function openWarehouse(kind: WarehouseKind, folder: string): Promise<Warehouse> {
  if (kind === "duckdb") {
    return {
      kind,
      destination: { destination_path: "/local/embedded.duckdb" },
      cache: { db_path: join(folder, "pyairbyte.duckdb"), schema_name: "main" },
      stop: () => Promise.resolve(),
    };
  }
  if (whyNoPostgres !== undefined) throw new Error(whyNoPostgres);
  // PyAirbyte's own connection breaks on the signs that the tests have in their password.
  const postgres = await startPostgres("benchmark");
  const { host, port, database, username, password } = postgres.configuration;
  const login = { host, port, database, username, password };
  return {
    kind,
    destination: { ...login, schema: "embedded" },
    cache: { ...login, schema_name: "pyairbyte" },
    stop: postgres.stop,
  };
}

/** Debian's package puts them there; elsewhere they are on PATH, or not at all. */
function programs(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const found = versions
    .map((version) => join(root, version, "bin"))
    .filter((bin) => existsSync(join(bin, "postgres")));
  return found.at(-1) ?? null;
}

const bin = programs();

/** Why nothing can be written into a PostgreSQL; undefined where one is installed. */
export const whyNoPostgres = bin === null ? "needs PostgreSQL's server: no postgres in /usr/lib/postgresql" : undefined;

export interface Postgres {
  /** As a destination's configuration has it. */
  configuration: { host: string; port: number; database: string; schema: string; username: string; password: string };
  /** The rows of a query, their cells as text. */
  query: (sql: string) => string[][];
  stop: () => Promise<void>;
}

/** A PostgreSQL of its own: an own folder, a free port of the loopback, and a password with signs that URLs don't like. */
export async function startPostgres(password = "p@ss/w:rd%"): Promise<Postgres> {
  if (bin === null) throw new Error(whyNoPostgres);
  // Where its user may go: not below the folders of others.
  const folder = mkdtempSync("/tmp/airbyte-postgres-");
  const port = await freePort();
  writeFileSync(join(folder, "password"), password);
  const user = serverUser();
  if (user) for (const file of [folder, join(folder, "password")]) chownSync(file, user.uid, user.gid);
  const data = join(folder, "data");
  const given = [
    "-D",
    data,
    "-U",
    "loader",
    "-A",
    "scram-sha-256",
    `--pwfile=${join(folder, "password")}`,
    "--no-sync",
  ];
  execFileSync(join(bin, "initdb"), given, { stdio: "ignore", cwd: folder, ...user });
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off"];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((one) => ["-c", one])],
    {
      stdio: "ignore",
      cwd: folder,
      ...user,
    },
  );
  const query = (sql: string) => {
    const login = ["-h", "127.0.0.1", "-p", String(port), "-U", "loader", "-d", "postgres"];
    const out = execFileSync(join(bin, "psql"), [...login, "-XtA", "-F", "\t", "-c", sql], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { PGPASSWORD: password },
    });
    return out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t"));
  };
  await answers(query);
  return {
    configuration: { host: "127.0.0.1", port, database: "postgres", schema: "public", username: "loader", password },
    query,
    stop: async () => {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGINT");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: the package has made a user for it. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function answers(query: Postgres["query"]): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await delay(100)) {
    try {
      query("select 1");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** A port of the loopback address that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
