// What the syncs of a stack's embedded Airbyte have brought.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { didYouMean } from "../../errors/nearest.ts";
import type { Call } from "../commands/command.ts";
import { cell, printTable } from "../terminal.ts";
import { callEmbedded, noEmbedded } from "./airbyte.ts";
import { trackedStackFolder } from "./overlay.ts";
import { readProject } from "./project.ts";

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
type Arrived = z.infer<typeof Arrived>;

/** All that has arrived by the embedded Airbyte of a stack; undefined where it has none. */
export async function arrivedIn(stackFolder: string): Promise<Arrived[] | undefined> {
  return (await ask(stackFolder, "", z.looseObject({ data: z.array(Arrived) })))?.data;
}

/** The same for one stream of one connection, with its first rows. */
function firstRows(stackFolder: string, connectionId: string, stream: string, limit: number) {
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

const LIMIT = 10;

/** What has arrived, or the first rows of one stream; resolves with the exit code. */
export async function printArrived({ projectDir, stack, args: [stream], env }: Call): Promise<number> {
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
