// What the parts of the benchmark are asked for.
import { valuesOf } from "../scripts/commands/command-line.ts";
import { parts } from "../scripts/commands/project-commands.ts";
import { modes, type Mode } from "./pipelines/stack.ts";
import { isPossible, warehouseKinds, type WarehouseKind } from "./syncs/warehouses.ts";

export interface PipelinesOptions {
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
export function readPipelinesOptions(args: string[]): PipelinesOptions {
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

export interface SyncsOptions {
  /** Row counts, one after the other. */
  rows: number[];
  /** Measured runs of each side, after one that isn't measured. */
  runs: number;
  to: WarehouseKind[];
  /** Leaves PyAirbyte out, for memory with many rows in half the time. */
  alone: boolean;
  /** Where the figures go. */
  json: string;
}

/** Throws an error that says which option is wrong, and what is right. */
export function readSyncsOptions(args: string[]): SyncsOptions {
  const values = valuesOf(parts.syncs.options, args);
  const rows = values.rows.split(",").map(Number);
  const runs = Number(values.runs);
  if (!rows.every(isPossible)) throw new Error(`--rows ${values.rows}: even numbers above 200, such as 20000,100000`);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: a whole number, such as 3`);
  const { alone, json } = values;
  return { rows, runs, to: values.to.split(",").map(warehouseKind), alone, json };
}

function warehouseKind(given: string): WarehouseKind {
  const kind = warehouseKinds.find((known) => known === given);
  if (!kind) throw new Error(`--to ${given}: any of ${warehouseKinds.join()}`);
  return kind;
}
