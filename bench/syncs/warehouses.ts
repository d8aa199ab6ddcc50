import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

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
