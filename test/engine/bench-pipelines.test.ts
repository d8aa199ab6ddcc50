import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { detailsTable, secondsTable, type Figures } from "../../bench/pipelines/figures.ts";
import { commandOf, descendantsOf, processes } from "../../scripts/commands/test/processes.ts";
import { finish } from "./project.ts";

const program = join(import.meta.dirname, "../../bench/pipelines.ts");

/** The benchmark in a folder of its own, of which `left` tells what the benchmark has left in it. */
function start(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const child = spawn(process.execPath, [program, "--pipelines", "1", "--runs", "1", ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: temporary },
  });
  const left = () => [
    ...readdirSync(temporary).filter((name) => name.startsWith("bench-")),
    ...processes()
      .map(commandOf)
      .filter((command) => command.includes(temporary)),
  ];
  return { child, folder, temporary, left };
}

test("pipelines are measured operation by operation, told as tables and written down, and nothing is left behind", async () => {
  const { child, folder, left } = start("--latency", "1");
  const run = await finish(child);
  expect(run).toMatchObject({ code: 0 });
  const figures = JSON.parse(readFileSync(join(folder, ".airbyte/bench/pipelines.json"), "utf8")) as Figures[];
  expect(run.stdout).toContain(secondsTable(figures));
  expect(run.stdout).toContain(detailsTable(figures));
  expect(readFileSync(join(folder, ".airbyte/bench/pipelines.svg"), "utf8")).toMatch(/^<svg /);

  const [{ operations }] = figures as [Figures];
  expect(operations.up.calls).toMatchObject({ "POST /sources": 1, "POST /destinations": 1, "POST /connections": 1 });
  expect(Object.keys(operations.preview.calls).filter((call) => /^(PATCH|PUT|DELETE)/.test(call))).toEqual([]);
  expect(operations["up, no change"].calls).not.toHaveProperty("PATCH /connections/:connectionId");
  expect(operations["up, one change"].calls).toMatchObject({ "PATCH /connections/:connectionId": 1 });
  expect(operations.refresh.calls).toMatchObject({ "GET /connections/:connectionId": 1 });
  expect(operations.destroy.calls).toMatchObject({ "DELETE /sources/:sourceId": 1 });
  expect(operations.up.tokens).toBe(2); // of the program, and of the provider
  expect(operations.up.stateBytes).toBeGreaterThan(operations.destroy.stateBytes);
  expect(left()).toEqual([]);
});

test.skipIf(process.platform !== "linux")(
  "an interrupted measurement ends pulumi and Airbyte, and removes its folder",
  async () => {
    const { child, left } = start("--latency", "1");
    const ended = finish(child);
    const started = () => descendantsOf(child.pid ?? 0).map(commandOf);
    while (!started().some((command) => command.startsWith("pulumi preview"))) await delay(20);
    expect(left()).not.toEqual([]);
    child.kill("SIGINT");
    await delay(50);
    child.kill("SIGINT"); // as when the process group gets it, and the parent passes it on
    expect(await ended).toMatchObject({ code: 1, text: "Interrupted\n" });
    expect(left()).toEqual([]);
  },
);
