import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { declarationOf, secretName } from "../../bench/pipelines/projects.ts";
import { detailsTable, figuresOf, plotOf, secondsTable, type Run } from "../../bench/pipelines/figures.ts";
import type { Measurement } from "../../bench/pipelines/measuring.ts";
import { readPipelinesOptions } from "../../bench/options.ts";
import { operations, type Case } from "../../bench/pipelines/stack.ts";
import { childrensCpuSeconds, descendantsOf } from "../../scripts/commands/test/processes.ts";
import { load, values } from "../declaration/project.ts";

const one: Measurement = {
  seconds: 2,
  cpuSeconds: 1.5,
  peakBytes: { cli: 100e6, program: 0, provider: 200e6 },
  calls: { "GET /sources/:sourceId": 10, "GET /health": 1 },
  tokens: 1,
  stateBytes: 12_345,
};

function caseOf(pipelines: number, latencyMs: number): Case {
  return { mode: "default", stacks: 1, pipelines, latencyMs };
}

/** A run whose operations all took the same. */
function runOf(changed: Partial<Measurement> = {}): Run {
  return Object.fromEntries(operations.map((name) => [name, { ...one, ...changed }])) as Run;
}

describe("options", () => {
  test("have defaults", () => {
    expect(readPipelinesOptions([])).toEqual({
      pipelines: [1, 10, 100, 300],
      stacks: [1],
      latency: [5, 50],
      mode: ["default"],
      runs: 3,
      json: ".airbyte/bench/pipelines.json",
      svg: ".airbyte/bench/pipelines.svg",
    });
  });

  test.each([
    ["--pipelines", "0"],
    ["--pipelines", "1,"],
    ["--pipelines", "many"],
    ["--stacks", "0"],
    ["--mode", "slow"],
    ["--mode", "fast,"],
    ["--latency", "0.5"],
    ["--runs", "0"],
    ["--runs", "1,2"],
  ])("that can't be are refused: %s %s", (option, value) => {
    expect(() => readPipelinesOptions([option, value])).toThrow(`${option} ${value}: `);
  });
});

test("as many sources, destinations and connections are declared, with one secret in each destination", () => {
  const declared = load(declarationOf(2, 4), values({ [secretName]: "s3cret" }));
  expect(Object.keys(declared.sources)).toEqual(["source-1", "source-2"]);
  expect(declared.destinations["destination-2"]?.configuration).toMatchObject({ password: "s3cret" });
  const hours = Object.values(declared.connections).map(({ schedule }) => schedule);
  expect(hours).toMatchObject([4, 3].map((hour) => ({ cronExpression: `0 0 ${hour} * * ?` })));
});

describe("figures", () => {
  test("are the median of the runs, the calls of each kind too", () => {
    const runs = [1, 9, 2].map((seconds) => runOf({ seconds, calls: { "GET /health": seconds } }));
    const { up } = figuresOf(caseOf(1, 5), runs).operations;
    expect(up).toMatchObject({ seconds: 2, secondsOfRuns: [1, 9, 2], calls: { "GET /health": 2 } });
  });

  test("that a system doesn't tell are null, and a dash in the table", () => {
    const figures = figuresOf(caseOf(1, 5), [runOf({ cpuSeconds: null, peakBytes: null })]);
    expect(figures.operations.up).toMatchObject({ cpuSeconds: null, peakBytes: null });
    expect(detailsTable([figures])).toContain("| default | 1 | 1 | 5 | up | 2.0 | - | - | - | - | 11 | 1 | 12 |");
  });

  test("become tables in Markdown: seconds by size, and a line for each operation", () => {
    const figures = [figuresOf(caseOf(300, 50), [runOf()])];
    expect(secondsTable(figures).split("\n").at(-1)).toBe(
      "| default | 1 | 300 | 50 | 900 | 2.0 | 2.0 | 2.0 | 2.0 | 2.0 | 2.0 |",
    );
    expect(detailsTable(figures)).toContain(
      "| default | 1 | 300 | 50 | refresh | 2.0 | 1.5 | 100 | - | 200 | 11 | 1 | 12 |",
    );
  });

  test("become a plot with a panel for each latency and a curve for each operation", () => {
    const run = runOf({ seconds: 2.5 });
    const figures = [5, 50].flatMap((latency) => [1, 300].map((count) => figuresOf(caseOf(count, latency), [run])));
    const svg = plotOf(figures);
    expect(svg.match(/API latency \d+ ms/g)).toEqual(["API latency 5 ms", "API latency 50 ms"]);
    const curves = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points);
    expect(curves).toHaveLength(2 * operations.length);
    // 2.5 s of 2.5 s are at the top, 300 of 500 pipelines at three fifths of the width.
    expect(curves[0]).toBe("50.8,40 278,40");
  });
});

test.skipIf(process.platform !== "linux")(
  "children and their children are found, and their CPU time counts",
  async () => {
    const before = childrensCpuSeconds(process.pid) ?? NaN;
    const busy = "const end = Date.now() + 300; while (Date.now() < end); console.log(1); setInterval(() => 0, 1000);";
    const shell = spawn("sh", ["-c", `"$0" -e "$1" & wait`, process.execPath, busy]);
    await once(shell.stdout, "data");
    const found = descendantsOf(process.pid);
    expect(found).toContain(shell.pid);
    const [node] = descendantsOf(shell.pid ?? 0);
    expect(found).toContain(node);
    process.kill(node ?? 0);
    await once(shell, "close");
    expect(childrensCpuSeconds(process.pid)).toBeGreaterThan(before);
  },
);
