import { existsSync } from "node:fs";
import { join } from "node:path";
import { didYouMean } from "../../../errors/nearest.ts";
import { noEmbedded } from "../../stack/airbyte.ts";
import { arrivedIn, firstRows, printCounts } from "../../stack/arrived.ts";
import { trackedStackFolder } from "../../stack/overlay.ts";
import { readProject } from "../../stack/project.ts";
import { cell, printTable } from "../../terminal/table.ts";
import type { Call } from "../command.ts";

const LIMIT = 10;

/** Resolves with the exit code. */
export async function print({ projectDir, stack, args: [stream], env }: Call): Promise<number> {
  const folder = trackedStackFolder(readProject(projectDir, env), stack);
  if (!existsSync(join(folder, "embedded"))) throw noEmbedded(stack);
  if (stream !== undefined) return printRows(folder, stream);
  if ((await printCounts(folder)).length === 0) console.log("No connection of an embedded Airbyte has synced yet.");
  return 0;
}

/** The first rows of a stream; resolves with the exit code. */
async function printRows(stackFolder: string, name: string): Promise<number> {
  const all = (await arrivedIn(stackFolder)) ?? [];
  const known = all.flatMap((one) => one.streams.map((stream) => ({ ...one, stream })));
  const found = known.find(({ stream }) => stream.name === name);
  if (!found) {
    const names = known.map(({ stream }) => stream.name);
    console.error(
      names.length === 0 ? "No connection has synced yet." : `No stream "${name}" has synced${didYouMean(name, names)}`,
    );
    return 1;
  }
  if (found.simulatedBecause !== null) {
    console.log(found.simulatedBecause);
    return 0;
  }
  const shown = await firstRows(stackFolder, found.connectionId, name, LIMIT);
  const rows = shown?.streams[0]?.rows ?? [];
  printTable(rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, cell(value)]))));
  console.log(`${rows.length} of ${found.stream.count?.toLocaleString("en") ?? 0} rows, in ${found.destination}`);
  return 0;
}
