// npm run bench -- pipelines: the project's own pulumi commands against an embedded Airbyte, by number of pipelines.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPart, writeResult } from "./program.ts";
import { startAirbyte } from "./pipelines/airbyte.ts";
import { figuresOf, type Figures, type Run } from "./pipelines/figures.ts";
import { measureAll } from "./pipelines/operations.ts";
import { readOptions, type BenchOptions } from "./pipelines/options.ts";
import { plotOf } from "./pipelines/plot.ts";
import { BenchProject } from "./pipelines/project.ts";
import { detailsTable, secondsTable } from "./pipelines/tables.ts";

/** A project and an Airbyte of its own for each run: the state's history and the journal start empty. */
async function withProject<T>(
  latencyMs: number,
  work: (project: BenchProject, airbyte: Awaited<ReturnType<typeof startAirbyte>>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const airbyte = await startAirbyte(join(folder, "airbyte"), latencyMs);
    try {
      return await work(await BenchProject.create(join(folder, "project"), airbyte), airbyte);
    } finally {
      await airbyte.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Loads every program once, unmeasured: else the first run alone would pay for reading them from the disk. */
function warmUp(): Promise<void> {
  return withProject(0, async (project) => {
    project.declare(1);
    await project.run(["preview"]);
  });
}

/** Each number of pipelines in turn before the next run, so that a slow minute of the machine spoils one run at most. */
async function measure({ pipelines, latency, runs }: BenchOptions): Promise<Figures[]> {
  const cases = latency.flatMap((latencyMs) => pipelines.map((count) => ({ count, latencyMs, done: [] as Run[] })));
  await warmUp();
  for (let run = 1; run <= runs; run++) {
    for (const { count, latencyMs, done } of cases) {
      const measured = await withProject(latencyMs, (project, airbyte) => measureAll(project, airbyte, count));
      done.push(measured);
      const seconds = Object.entries(measured).map(([name, one]) => `${name} ${one.seconds.toFixed(1)}`);
      console.error(`${count} pipelines, ${latencyMs} ms, run ${run} of ${runs}, in s: ${seconds.join("; ")}`);
    }
  }
  return cases.map(({ count, latencyMs, done }) => figuresOf(count, latencyMs, done));
}

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  const figures = await measure(options);
  writeResult(options.json, JSON.stringify(figures, null, 2) + "\n");
  writeResult(options.svg, plotOf(figures));
  console.log(`${secondsTable(figures)}\n\n${detailsTable(figures)}\n`);
  console.log(`All figures: ${options.json}\nPlot: ${options.svg}`);
}

await runPart(main);
