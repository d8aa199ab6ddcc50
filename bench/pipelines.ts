// npm run bench -- pipelines: the project's own pulumi commands against an embedded Airbyte, by number of pipelines.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPart, writeResult } from "./program.ts";
import { detailsTable, figuresOf, plotOf, secondsTable, type Figures, type Run } from "./pipelines/figures.ts";
import { measureAll } from "./pipelines/measuring.ts";
import { readPipelinesOptions, type PipelinesOptions } from "./options.ts";
import { onAirbyte, onFloor, onTerraform } from "./pipelines/projects.ts";
import type { Case, Mode, Workbench } from "./pipelines/stack.ts";

/** A project and an Airbyte of its own for each run: the state's history and the journal start empty. */
async function withWorkbench<T>(one: Case, work: (bench: Workbench) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const fast = one.mode.startsWith("fast");
  // What `fast: true` makes of `npm start`.
  const env: NodeJS.ProcessEnv = fast ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {};
  const names = Array.from({ length: one.stacks }, (_, index) => `domain-${index + 1}`);
  const open = one.mode === "terraform" ? onTerraform : one.mode.endsWith("floor") ? onFloor : onAirbyte;
  try {
    return await open({ folder, names, latencyMs: one.latencyMs, env }, work);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Loads every program once, unmeasured: else the first run alone would pay for reading them from the disk. */
function warmUp(mode: Mode): Promise<void> {
  return withWorkbench({ mode, pipelines: 1, stacks: 1, latencyMs: 0 }, async ({ declare, stacks }) => {
    declare(1);
    for (const stack of stacks) await stack.perform("preview");
  });
}

/** Each case in turn before the next run, so that a slow minute of the machine spoils one run at most. */
async function measure({ pipelines, stacks, latency, mode: modes, runs }: PipelinesOptions): Promise<Figures[]> {
  const cases = latency.flatMap((latencyMs) =>
    pipelines.flatMap((count) =>
      stacks.flatMap((many) => modes.map((mode): Case => ({ mode, pipelines: count, stacks: many, latencyMs }))),
    ),
  );
  const done = cases.map((): Run[] => []);
  for (const mode of modes) await warmUp(mode);
  for (let run = 1; run <= runs; run++) {
    for (const [index, one] of cases.entries()) {
      const measured = await withWorkbench(one, (bench) => measureAll(bench, one.pipelines));
      done[index]?.push(measured);
      const seconds = Object.entries(measured).map(([name, { seconds }]) => `${name} ${seconds.toFixed(1)}`);
      console.error(`${wordsOf(one)}, run ${run} of ${runs}, in s: ${seconds.join("; ")}`);
    }
  }
  return cases.map((one, index) => figuresOf(one, done[index] ?? []));
}

function wordsOf({ mode, pipelines, stacks, latencyMs }: Case): string {
  return `${mode}, ${stacks === 1 ? "" : `${stacks} stacks of `}${pipelines} pipelines, ${latencyMs} ms`;
}

async function main(args: string[]): Promise<void> {
  const options = readPipelinesOptions(args);
  const figures = await measure(options);
  writeResult(options.json, JSON.stringify(figures, null, 2) + "\n");
  writeResult(options.svg, plotOf(figures));
  console.log(`${secondsTable(figures)}\n\n${detailsTable(figures)}\n`);
  console.log(`All figures: ${options.json}\nPlot: ${options.svg}`);
}

await runPart(main);
