// npm run bench -- syncs: Faker into databases, through the embedded Airbyte and by PyAirbyte alone, in turns.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDirectly, smallRows, startAirbyte, type DirectRun, type EmbeddedRun } from "./syncs/sides.ts";
import { figuresOf, tableOf, type Figures } from "./syncs/figures.ts";
import { runPart, writeResult } from "./program.ts";
import { readSyncsOptions, type SyncsOptions } from "./options.ts";
import { openWarehouse, type Warehouse } from "./syncs/warehouses.ts";

type Asked = Pick<SyncsOptions, "runs" | "alone"> & { rows: number; warehouse: Warehouse; folder: string };

/** Measures one row count in one warehouse, into which both sides have synced a few rows before. */
async function measure({ rows, warehouse, runs, alone, folder }: Asked): Promise<Figures> {
  const airbyte = await startAirbyte(rows, warehouse, join(folder, "airbyte"));
  try {
    const side = join(folder, "pyairbyte");
    if (!alone) await readDirectly(smallRows, warehouse, side);
    const embedded: EmbeddedRun[] = [];
    const direct: DirectRun[] = [];
    for (let run = 1; run <= runs; run++) {
      embedded.push(await airbyte.run());
      if (!alone) direct.push(await readDirectly(rows, warehouse, side));
      const seconds = [embedded, direct].map((done) => done.at(-1)?.seconds.toFixed(1) ?? "-");
      console.error(`${warehouse.kind}, ${rows} rows, run ${run} of ${runs}: ${seconds.join(" and ")} s`);
    }
    for (const one of [...embedded, ...direct]) {
      if (one.rows !== rows) throw new Error(`${one.rows} rows came instead of ${rows}`);
    }
    const { cold, memory } = airbyte;
    return figuresOf({ warehouse: warehouse.kind, rows, embedded, direct, cold, memory: memory() });
  } finally {
    await airbyte.stop();
  }
}

async function main(args: string[]): Promise<void> {
  const { rows, to, json, ...how } = readSyncsOptions(args);
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const figures: Figures[] = [];
  try {
    for (const kind of to) {
      const warehouse = await openWarehouse(kind, folder);
      try {
        for (const count of rows) figures.push(await measure({ ...how, rows: count, warehouse, folder }));
      } finally {
        await warehouse.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  writeResult(json, JSON.stringify(figures, null, 2) + "\n");
  console.log(`${tableOf(figures)}\n\nAll figures: ${json}`);
}

await runPart(main);
