import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { realDestinations } from "../../../embedded/connectors/destinations.ts";
import { localFile, withLocalFile } from "../../../embedded/connectors/local-files.ts";
import { Programs } from "../../../embedded/connectors/protocol/programs.ts";
import { WriterPool } from "../../../embedded/connectors/python/writer-pool.ts";
import { temporaryFolder } from "../start.ts";

function sample() {
  const folder = join(temporaryFolder(), "local");
  const outside = temporaryFolder();
  mkdirSync(join(folder, "in"), { recursive: true });
  writeFileSync(join(outside, "secret"), "s");
  return { folder, outside };
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
])("%s is not, and is refused", (path) => {
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
    await expect((async () => destination.rows({ configuration, targets: [], limit: 1 }))()).rejects.toMatchObject({
      message: OUTSIDE,
    });
    await Promise.all([pool.close(), programs.close()]);
  });
});
