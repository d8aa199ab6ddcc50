import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { realDestinations } from "../../../embedded/connectors/destinations.ts";
import { localFile, withLocalFile } from "../../../embedded/connectors/local-files.ts";
import { Programs } from "../../../embedded/connectors/programs.ts";
import { WriterPool } from "../../../embedded/connectors/python/writers.ts";
import type { Table } from "../../../embedded/connectors/connector.ts";
import { temporaryFolder } from "../start.ts";

function sample() {
  const folder = join(temporaryFolder(), "local");
  const outside = temporaryFolder();
  mkdirSync(join(folder, "in"), { recursive: true });
  writeFileSync(join(outside, "secret"), "s");
  return { folder, outside };
}

function table(name: string): Table {
  const unnamed = { namespace: null, schema: null, prefix: "", incremental: false, jsonSchema: {}, primaryKey: [] };
  return { ...unnamed, name, mode: "append", cursorField: [] };
}

test.each(["/local/a.csv", "a.csv", "./a.csv", "in/../a.csv", "file:///local/a.csv"])("%s is in the folder", (path) => {
  const { folder } = sample();
  expect(localFile(folder, path)).toBe(join(folder, "a.csv"));
});

test.each([
  "/etc/passwd",
  "../secret",
  "/local/../../secret",
  "/localish/a.csv",
  "in/../../secret",
  "file:///etc/passwd",
  "file://localhost/etc/passwd",
  "/local/file:///etc/passwd",
  "https://example.com/a.csv",
  "/local/a\0b",
])("%j is not, and is refused", (path) => {
  const { folder } = sample();
  expect(() => localFile(folder, path)).toThrow(/is outside of \/local.*Next step: put the file into/);
});

test("where a link leads counts, not where it lies; and the folder itself may be one", () => {
  const { folder, outside } = sample();
  symlinkSync(join(outside, "secret"), join(folder, "file"));
  symlinkSync(outside, join(folder, "elsewhere"));
  symlinkSync(join(outside, "nothing"), join(folder, "dangling"));
  symlinkSync(join(folder, "in"), join(folder, "inside"));
  for (const path of ["file", "elsewhere/secret", "elsewhere/new", "dangling"])
    expect(() => localFile(folder, path)).toThrow("is outside of /local");
  expect(localFile(folder, "inside/new")).toBe(join(folder, "inside/new"));

  const disk = join(temporaryFolder(), "disk");
  symlinkSync(realpathSync(folder), disk);
  expect(localFile(disk, "/local/in/new")).toBe(join(disk, "in/new"));
});

test("the File source reads by other ways as it ever did", () => {
  const configuration = { url: "https://example.com/a.csv", provider: { storage: "HTTPS" } };
  expect(withLocalFile("unused", configuration)).toBe(configuration);
  expect(withLocalFile("unused", {})).toEqual({});
});

describe.each(["duckdb", "local-json"])("the destination %s", (type) => {
  test("writes and reads nowhere else", async () => {
    const { folder, outside } = sample();
    const programs = new Programs(join(outside, "programs"), () => Promise.reject(new Error("not asked")));
    const pool = new WriterPool(() => Promise.reject(new Error("not asked")), join(outside, "writers"), folder);
    const destination = realDestinations(pool, folder)[type]!;
    const configuration = { destination_path: join(outside, "stolen") };
    const OUTSIDE = expect.stringContaining("is outside of /local") as string;
    expect(await destination.check(configuration)).toMatchObject({ status: "failed", message: OUTSIDE });
    await expect(
      (async () => destination.rows({ configuration, tables: [table("rows")], limit: 1 }))(),
    ).rejects.toMatchObject({
      message: OUTSIDE,
    });
    await Promise.all([pool.close(), programs.close()]);
  });
});

test("the destination local-json follows no link out of the folder, wherever it lies", async () => {
  const { folder, outside } = sample();
  const pool = new WriterPool(() => Promise.reject(new Error("not asked")), join(outside, "writers"), folder);
  const destination = realDestinations(pool, folder)["local-json"]!;
  const configuration = { destination_path: "/local/in" };
  const request = { configuration, connectionId: "c", signal: new AbortController().signal };
  const open = (name: string) =>
    destination.write({ ...request, tables: [table(name)], onState: () => undefined, onCommitted: () => undefined });

  symlinkSync(join(outside, "secret"), join(folder, "in/_airbyte_raw_rows.jsonl"));
  await expect(open("rows")).rejects.toThrow("is outside of /local");
  await expect((async () => destination.rows({ configuration, tables: [table("rows")], limit: 1 }))()).rejects.toThrow(
    "is outside of /local",
  );
  const mark = createHash("sha256").update("c").digest("hex").slice(0, 8);
  symlinkSync(join(outside, "new"), join(folder, "in", `_airbyte_raw_other.jsonl.${mark}.partial`));
  await expect(open("other")).rejects.toThrow("is outside of /local");
  expect(readdirSync(outside)).toEqual(["secret"]);
  await pool.close();
});
