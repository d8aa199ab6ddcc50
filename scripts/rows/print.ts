import { didYouMean } from "../../errors/nearest.ts";
import { arrivedIn, firstRows } from "./arrived.ts";
import { cell, printTable } from "./table.ts";

const LIMIT = 10;

/** A table of the streams that have synced, and how many rows each has; resolves with their names, those with real rows first. */
export async function printCounts(stackFolder: string): Promise<string[]> {
  const all = (await arrivedIn(stackFolder)) ?? [];
  const table = all.flatMap(({ name, destination, simulatedBecause, streams }) =>
    streams.map((stream) => ({
      connection: name,
      stream: stream.name,
      rows: stream.count?.toLocaleString("en") ?? "no table",
      destination: simulatedBecause === null ? destination : `${destination} (simulated: nothing is there)`,
    })),
  );
  if (table.length === 0) return [];
  printTable(table, ["rows"]);
  for (const why of new Set(all.flatMap(({ simulatedBecause }) => simulatedBecause ?? []))) console.log(why);
  const real = all.filter(({ simulatedBecause }) => simulatedBecause === null);
  return [...real, ...all].flatMap(({ streams }) => streams.map(({ name }) => name));
}

/** The first rows of a stream; resolves with the exit code. */
export async function printRows(stackFolder: string, name: string): Promise<number> {
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
