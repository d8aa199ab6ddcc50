import { valuesOf } from "../scripts/commands/command-line.ts";
import { parts } from "../scripts/commands/project-commands.ts";
import { modes, type Mode } from "./pipelines/workbench.ts";

export interface BenchOptions {
  /** How many pipelines in a stack: each is a source, a destination and a connection. */
  pipelines: number[];
  /** How many stacks of one Airbyte, each with so many pipelines. */
  stacks: number[];
  /** How long every answer of the API takes, in milliseconds, beside its own time. */
  latency: number[];
  mode: Mode[];
  runs: number;
  /** Where the figures go. */
  json: string;
  /** Where the plot goes. */
  svg: string;
}

/** Throws an error that says which option is wrong, and what is right. */
export function readOptions(args: string[]): BenchOptions {
  const values = valuesOf(parts.pipelines.options, args);
  const { json, svg } = values;
  const pipelines = numbers(values.pipelines, 1);
  const stacks = numbers(values.stacks, 1);
  const latency = numbers(values.latency, 0);
  const mode = values.mode.split(",").map((name) => modes.find((known) => known === name.trim()));
  const [runs] = numbers(values.runs, 1) ?? [];
  if (!pipelines) throw new Error(`--pipelines ${values.pipelines}: whole numbers above 0, such as 1,10,100,300`);
  if (!stacks) throw new Error(`--stacks ${values.stacks}: whole numbers above 0, such as 1,3,10`);
  if (!areKnown(mode)) throw new Error(`--mode ${values.mode}: of ${modes.join(",")}`);
  if (!latency) throw new Error(`--latency ${values.latency}: whole numbers of milliseconds, such as 5,50`);
  if (runs === undefined || values.runs.includes(",")) {
    throw new Error(`--runs ${values.runs}: a whole number, such as 3`);
  }
  return { pipelines, stacks, latency, mode, runs, json, svg };
}

function areKnown(list: (Mode | undefined)[]): list is Mode[] {
  return !list.includes(undefined);
}

function numbers(list: string, least: number): number[] | undefined {
  const parts = list.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  return parts.every((part) => Number.isInteger(part) && part >= least) ? parts : undefined;
}
