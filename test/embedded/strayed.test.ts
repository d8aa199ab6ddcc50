import { existsSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Programs } from "../../embedded/connectors/protocol/programs.ts";
import { WriterPool } from "../../embedded/connectors/python/writer-pool.ts";
import { bringHome } from "../../embedded/strayed.ts";
import { start, temporaryFolder } from "./start.ts";

const given = join(".airbyte", "dev", "embedded");

/** Files by path, each with the time of its last change as a number of seconds. */
function dataFolder(files: Record<string, number>): string {
  const dataDir = join(temporaryFolder(), given);
  for (const [path, seconds] of Object.entries(files)) {
    const file = join(dataDir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path);
    utimesSync(file, seconds, seconds);
  }
  return dataDir;
}

const strayed = (path: string) => join("writers", given, "local", path);

function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]));
}

function brought(dataDir: string): string[] {
  const told: string[] = [];
  bringHome(dataDir, (line) => told.push(line));
  return told;
}

test("what a writer's relative path led astray is where it belongs after the start, and the log says so", async () => {
  const files = { [strayed("lake.duckdb")]: 1, [strayed("lake.duckdb.wal")]: 2, [strayed("in/deep.duckdb")]: 1 };
  const dataDir = dataFolder({ ...files, "writers/logs/airbyte.log": 1 });
  await start({ dataDir });
  expect(filesOf(join(dataDir, "local"))).toEqual({
    "lake.duckdb": strayed("lake.duckdb"),
    "lake.duckdb.wal": strayed("lake.duckdb.wal"),
    "in/deep.duckdb": strayed("in/deep.duckdb"),
  });
  expect(existsSync(join(dataDir, "writers"))).toBe(false);
});

test.each([
  ["a newer one at home", 5, "lake.duckdb", "home"],
  ["an older one at home", 1, "lake.duckdb", "strayed"],
])("beside %s, both are kept, the newer one in place", (_, seconds, name, newer) => {
  const home = join("local", name);
  const dataDir = dataFolder({ [home]: seconds, [strayed(name)]: 3, [strayed(`${name}.wal`)]: 4 });
  const told = brought(dataDir);
  const { [name]: kept, ...others } = filesOf(join(dataDir, "local"));
  expect(kept).toBe(newer === "home" ? home : strayed(name));
  // The second part of a database is never beside another database.
  expect(others).toEqual(
    newer === "home"
      ? { "earlier-1/lake.duckdb": strayed(name), "earlier-1/lake.duckdb.wal": strayed(`${name}.wal`) }
      : { "earlier-1/lake.duckdb": home, "lake.duckdb.wal": strayed(`${name}.wal`) },
  );
  expect(told).toEqual([expect.stringContaining(join(dataDir, "local", "earlier-1", name))]);
  expect(brought(dataDir)).toEqual([]);
});

test("a second part whose database has been moved already follows it", () => {
  const dataDir = dataFolder({ "local/lake.duckdb": 1, [strayed("lake.duckdb.wal")]: 1 });
  brought(dataDir);
  expect(Object.keys(filesOf(join(dataDir, "local"))).sort()).toEqual(["lake.duckdb", "lake.duckdb.wal"]);
});

test("another server's own folder stays where it is", () => {
  const own = join("writers", given, "credentials.json");
  const dataDir = dataFolder({ [strayed("lake.duckdb")]: 1, [own]: 1 });
  expect(brought(dataDir)).toEqual([]);
  expect(existsSync(join(dataDir, strayed("lake.duckdb")))).toBe(true);
});

test("a start clears what runs have left, and nothing else", async () => {
  const left = ["run-a1b2c3/config.json", "0b0f1a52-2a54-4b0c-9a3e-0f5e8f1f7a11/batch.jsonl.gz", "logs/airbyte.log"];
  const foreign = ["somebodys.duckdb", join("elsewhere", "local", "rows.jsonl")];
  for (const folder of ["writers", "programs"]) {
    const dataDir = dataFolder(Object.fromEntries([...left, ...foreign].map((path) => [join(folder, path), 1])));
    const inside = join(dataDir, folder);
    const never = () => Promise.reject(new Error("nothing runs here"));
    await (folder === "writers" ? new WriterPool(never, inside) : new Programs(inside, never)).close();
    expect(Object.keys(filesOf(inside)).sort()).toEqual([...foreign].sort());
  }
});
