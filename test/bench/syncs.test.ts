import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { median } from "../../bench/table.ts";
import { tableOf, type Figures } from "../../bench/syncs/figures.ts";
import { readSyncsOptions } from "../../bench/options.ts";
import { needsConnector } from "../embedded/connectors/real.ts";
import { finish, type Run } from "../engine/project.ts";
import { projectDir, temporaryFolder } from "../scripts/modules.ts";

function bench(...args: string[]): Promise<Run> {
  return finish(spawn(process.execPath, [join(projectDir, "scripts/run.mjs"), "bench", ...args], { cwd: projectDir }));
}

test("the median is the middle one, or between the two in the middle", () => {
  expect(median([10, 1, 3])).toBe(3);
  expect(median([10, 1, 3, 2])).toBe(2.5);
});

describe("options", () => {
  test("have defaults that end in minutes", () => {
    expect(readSyncsOptions([])).toEqual({
      rows: [20_000, 100_000],
      runs: 3,
      to: ["duckdb", "postgres"],
      alone: false,
      json: ".airbyte/bench/syncs.json",
    });
  });

  test.each([
    ["--rows", "1001"],
    ["--rows", "many"],
    ["--runs", "0"],
    ["--to", "oracle"],
  ])("that can't be are refused: %s %s", (option, value) => {
    expect(() => readSyncsOptions([option, value])).toThrow(`${option} ${value}`);
  });
});

test("what nobody can measure is an error that says what can be", async () => {
  expect(await bench("speed")).toMatchObject({
    code: 2,
    text: "Say which: npm run bench -- syncs|pipelines\n",
  });
});

test(
  "a row count is measured on both sides, told as a table and written down",
  { timeout: 240_000 },
  async (context) => {
    await needsConnector(context, "source-faker", "pyairbyte");
    const json = join(temporaryFolder(), "figures", "syncs.json");
    const run = await bench("syncs", "--rows", "302", "--runs", "1", "--to", "duckdb", "--json", json);
    expect(run).toMatchObject({ code: 0 });
    const figures = JSON.parse(readFileSync(json, "utf8")) as Figures[];
    expect(figures).toMatchObject([{ warehouse: "duckdb", rows: 302, runs: 1 }]);
    const [{ embedded, pyairbyte }] = figures as [Figures];
    if (!pyairbyte) throw new Error("PyAirbyte was left out");
    expect(pyairbyte.ratio).toBeCloseTo(embedded.rowsPerSecond / pyairbyte.rowsPerSecond);
    expect(embedded.seconds).toBeGreaterThanOrEqual(embedded.firstRowSeconds);
    expect(pyairbyte.wholeSeconds).toBeGreaterThan(pyairbyte.seconds);
    expect(run.stdout).toContain(tableOf(figures));
    expect(run.stdout).toMatch(/^\| duckdb \| 302 \| /m);
  },
);
