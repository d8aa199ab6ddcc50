import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { localFolder, openDataFolder, writersFolder } from "../../embedded/folders.ts";
import { probe } from "../../embedded/index.ts";
import { Prover } from "../../embedded/probe.ts";
import { needsConnector } from "./connectors/real.ts";
import { send, start, temporaryFolder } from "./start.ts";
import { connectFaker, sync } from "./syncs/pipelines.ts";

/** A data folder as the project names it: relative to the working directory. */
function relativeFolder(): string {
  mkdirSync(".airbyte", { recursive: true });
  const folder = mkdtempSync(".airbyte/rows-");
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test("rows in DuckDB are where pipelines.yaml says, and still there after the server has started anew", async (context) => {
  await needsConnector(context, "source-faker", "pyairbyte");
  const dataDir = relativeFolder();
  const first = await start({ connectors: "real", dataDir });
  const destination = { destinationType: "duckdb", destination_path: "/local/sample.duckdb" };
  const { connectionId } = await connectFaker(first, 12, destination, "full_refresh_overwrite");
  expect(await sync(first, connectionId)).toMatchObject({ status: "succeeded" });
  await first.close();
  expect(readdirSync(join(dataDir, "local"))).toContain("sample.duckdb");

  const again = await start({ connectors: "real", dataDir });
  const answer = await send("GET", `${again.url}/api/embedded/rows`, again.token);
  const [{ streams }] = (answer.body as { data: [{ streams: { name: string; count: number }[] }] }).data;
  expect(streams.find(({ name }) => name === "users")?.count).toBe(12);
}, 600_000);

/** What an earlier version's writer left, with the data folder as it was given to it. */
function astray(dataDir: string, given: string, files: Record<string, string>): void {
  const folder = join(writersFolder(dataDir), given, "local");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const textsIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [relative(folder, file), readFileSync(file, "utf8")];
      }),
  );

test("what an earlier version wrote where the next start clears goes to where it belongs, and replaces nothing", () => {
  const log = vi.fn();
  const dataDir = join(temporaryFolder(), ".airbyte/dev/embedded");
  astray(dataDir, ".airbyte/dev/embedded", { "sample.duckdb": "old", "sample.duckdb.wal": "its log" });
  openDataFolder(dataDir, log);
  expect(textsIn(localFolder(dataDir))).toEqual({ "sample.duckdb": "old", "sample.duckdb.wal": "its log" });
  expect(log).toHaveBeenCalledOnce();

  astray(dataDir, "dev/embedded", { "sample.duckdb": "another", "more.duckdb": "more" });
  openDataFolder(dataDir, log);
  expect(textsIn(localFolder(dataDir))).toEqual({
    "sample.duckdb": "old",
    "sample.duckdb.wal": "its log",
    "found-1/sample.duckdb": "another",
    "found-1/more.duckdb": "more",
  });
  openDataFolder(dataDir, log);
  expect(log).toHaveBeenCalledTimes(2);
  expect(readdirSync(writersFolder(dataDir))).toEqual([]);
});

test("what can't be moved stays where it is, the log says so, and the server starts without clearing it away", async () => {
  const log = vi.fn();
  const dataDir = join(temporaryFolder(), ".airbyte/dev/embedded");
  astray(dataDir, ".airbyte/dev/embedded", { "sample.duckdb": "old" });
  writeFileSync(localFolder(dataDir), "in the way");
  openDataFolder(dataDir, log);
  expect(log.mock.calls).toEqual([[expect.stringContaining("could not be moved")]]);
  await start({ dataDir });
  expect(textsIn(writersFolder(dataDir))).toEqual({ ".airbyte/dev/embedded/local/sample.duckdb": "old" });
});

test.each(["", "{", "null", '{"key":5}', '{"key":""}', '{"key":"short"}'])(
  "a signing key that is broken (%s) is made anew, and everybody signs in as before",
  async (broken) => {
    const dataDir = temporaryFolder();
    const first = await start({ dataDir });
    await first.close();
    writeFileSync(join(dataDir, "signing-key.json"), broken);
    expect(Prover.of(dataDir, first.port)).toBeUndefined();
    const again = await start({ dataDir });
    expect((await again.call("GET", "/workspaces")).status).toBe(200);
    expect((await send("GET", `${again.api}/workspaces`, first.token)).status).toBe(401);
    expect(await probe(again.port, dataDir, 3_000)).toMatchObject({ instanceId: first.instanceId });
  },
);
