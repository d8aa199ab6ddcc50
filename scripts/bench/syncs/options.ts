import { parseArgs } from "node:util";
import { isPossible } from "./faker.ts";
import { warehouseKinds, type WarehouseKind } from "./warehouses.ts";

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
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "20000,100000" },
      runs: { type: "string", default: "3" },
      to: { type: "string", default: warehouseKinds.join() },
      alone: { type: "boolean", default: false },
      json: { type: "string", default: ".airbyte/bench/syncs.json" },
    },
  });
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
