import { parts } from "../../scripts/commands/project-commands.ts";
import { valuesOf } from "../../scripts/commands/command-line.ts";
import { isPossible, warehouseKinds, type WarehouseKind } from "./ends.ts";

export interface BenchOptions {
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
export function readOptions(args: string[]): BenchOptions {
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
