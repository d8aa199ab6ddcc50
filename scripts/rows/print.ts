import { z } from "zod";
import { didYouMean } from "../../providers/nearest.ts";
import { callEmbedded } from "../embedded-call.ts";
import { cell, printTable } from "./table.ts";

const Arrived = z.looseObject({
  connectionId: z.string(),
  name: z.string(),
  destination: z.string(),
  simulatedBecause: z.string().nullable(),
  streams: z.array(
    z.looseObject({
      name: z.string(),
      namespace: z.string().nullable(),
      count: z.number().nullable(),
      rows: z.array(z.record(z.string(), z.unknown())),
    }),
  ),
});
type Arrived = z.infer<typeof Arrived>;

const LIMIT = 10;

/** A table of the streams that have synced, and how many rows each has; resolves with their names, those with real rows first. */
export async function printCounts(stackFolder: string): Promise<string[]> {
  const all = await ask(stackFolder, "", z.looseObject({ data: z.array(Arrived) }));
  const table = (all?.data ?? []).flatMap(({ name, destination, simulatedBecause, streams }) =>
    streams.map((stream) => ({
      connection: name,
      stream: stream.name,
      rows: stream.count?.toLocaleString("en") ?? "no table",
      destination: simulatedBecause === null ? destination : `${destination} (simulated: nothing is there)`,
    })),
  );
  if (table.length === 0) return [];
  printTable(table, ["rows"]);
  for (const why of new Set(all?.data.flatMap(({ simulatedBecause }) => simulatedBecause ?? []))) console.log(why);
  const real = (all?.data ?? []).filter(({ simulatedBecause }) => simulatedBecause === null);
  return [...real, ...(all?.data ?? [])].flatMap(({ streams }) => streams.map(({ name }) => name));
}

/** The first rows of a stream; resolves with the exit code. */
export async function printRows(stackFolder: string, name: string): Promise<number> {
  const all = await ask(stackFolder, "", z.looseObject({ data: z.array(Arrived) }));
  const known = (all?.data ?? []).flatMap((one) => one.streams.map((stream) => ({ ...one, stream })));
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
  const query = { stream: name, limit: LIMIT };
  const shown = await ask(stackFolder, `/${found.connectionId}`, Arrived, query);
  const rows = shown?.streams[0]?.rows ?? [];
  printTable(rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, cell(value)]))));
  console.log(`${rows.length} of ${found.stream.count?.toLocaleString("en") ?? 0} rows, in ${found.destination}`);
  return 0;
}

/** undefined where the stack has no embedded Airbyte. */
function ask<T>(
  stackFolder: string,
  path: string,
  schema: z.ZodType<T>,
  query: Record<string, string | number> = {},
): Promise<T | undefined> {
  return callEmbedded(stackFolder, { method: "GET", path: `/rows${path}`, doing: "ask for rows", schema, query });
}
