import type { BenchAirbyte, Usage } from "./airbyte.ts";
import { costOf, type Cost } from "./cost.ts";
import type { BenchProject } from "./project.ts";

/** In the order in which they are measured, each on what the one before has left. */
export const operations = ["up", "preview", "up, no change", "up, one change", "refresh", "destroy"] as const;
export type Operation = (typeof operations)[number];

const unasked = ["--yes", "--skip-preview"];
const commands: Record<Operation, string[]> = {
  up: ["up", ...unasked],
  preview: ["preview"],
  "up, no change": ["up", ...unasked],
  "up, one change": ["up", ...unasked],
  refresh: ["refresh", ...unasked],
  destroy: ["destroy", ...unasked],
};

/** Of one operation, once. */
export interface Measurement extends Cost, Usage {
  /** Of the state's file after the operation. */
  stateBytes: number;
}

/** Measures each operation once, in a project without resources, and leaves none. */
export async function measureAll(
  project: BenchProject,
  airbyte: BenchAirbyte,
  pipelines: number,
): Promise<Record<Operation, Measurement>> {
  project.declare(pipelines);
  const measured: [Operation, Measurement][] = [];
  for (const operation of operations) {
    if (operation === "up, one change") project.declare(pipelines, 4);
    await airbyte.usage(); // what came before doesn't count
    const cost = await costOf((watch) => project.run(commands[operation], "", watch));
    measured.push([operation, { ...cost, ...(await airbyte.usage()), stateBytes: project.stateBytes }]);
  }
  return Object.fromEntries(measured) as Record<Operation, Measurement>;
}
