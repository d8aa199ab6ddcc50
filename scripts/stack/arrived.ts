// What the syncs of a stack's embedded Airbyte have brought.
import { z } from "zod";
import { printTable } from "../terminal/table.ts";
import { callEmbedded } from "./airbyte.ts";

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

/** What the last successful sync of a connection brought. */
export type Arrived = z.infer<typeof Arrived>;

/** All that has arrived by the embedded Airbyte of a stack; undefined where it has none. */
export async function arrivedIn(stackFolder: string): Promise<Arrived[] | undefined> {
  return (await ask(stackFolder, "", z.looseObject({ data: z.array(Arrived) })))?.data;
}

/** The same for one stream of one connection, with its first rows. */
export function firstRows(stackFolder: string, connectionId: string, stream: string, limit: number) {
  return ask(stackFolder, `/${connectionId}`, Arrived, { stream, limit });
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
