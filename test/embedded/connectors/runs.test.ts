import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Programs } from "../../../embedded/connectors/programs.ts";
import { WriterPool } from "../../../embedded/connectors/python/writers.ts";
import { newRun } from "../../../embedded/connectors/python/confined.ts";
import { temporaryFolder } from "../start.ts";

const never = () => Promise.reject(new Error("Nothing runs here"));

test.each([
  ["writers", (folder: string) => new WriterPool(never, folder, folder)],
  ["programs", (folder: string) => new Programs(folder, never)],
])("a start clears away what killed runs of %s have left, and nothing that isn't theirs", async (_, open) => {
  const folder = temporaryFolder();
  newRun(folder);
  for (const name of ["0b0f1a52-2a54-4b0c-9a3e-0f5e8f1f7a11", "logs", "somebodys"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "lake.duckdb"), "rows");
  await open(folder).close();
  expect(readdirSync(folder).sort()).toEqual(["lake.duckdb", "somebodys"]);
});
