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

/** The first rows of a stream, for each connection that has brought one of the name; resolves with the exit code. */
async function printRows(stackFolder: string, name: string): Promise<number> {
  const all = (await arrivedIn(stackFolder)) ?? [];
  const isMeant = (stream: { name: string }) => stream.name === name;
  const found = all.filter(({ streams }) => streams.some(isMeant));
  if (found.length === 0) {
    const names = all.flatMap(({ streams }) => streams.map((stream) => stream.name));
    console.error(
      names.length === 0 ? "No connection has synced yet." : `No stream "${name}" has synced${didYouMean(name, names)}`,
    );
    return 1;
  }
  const tables = found.flatMap((one) => one.streams.filter(isMeant).map((stream) => ({ ...one, stream })));
  if (tables.length > 1) console.log(`${tables.length} streams "${name}" have synced:`);
  for (const table of tables) {
    const { simulatedBecause, connectionId, destination, stream } = table;
    if (tables.length > 1) console.log(`\n${whichOf(table)}`);
    if (simulatedBecause !== null) {
      console.log(simulatedBecause);
      continue;
    }
    const shown = await firstRows(stackFolder, connectionId, name, LIMIT);
    const isSame = (one: typeof stream) => isMeant(one) && one.namespace === stream.namespace;
    const rows = shown?.streams.find(isSame)?.rows ?? [];
    printTable(rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, cell(value)]))));
    console.log(`${rows.length} of ${stream.count?.toLocaleString("en") ?? 0} rows, in ${destination}`);
  }
  return 0;
}

function whichOf({ name, stream: { namespace } }: { name: string; stream: { namespace: string | null } }): string {
  return `By the connection "${name}"${namespace === null ? "" : `, from ${namespace}`}:`;
}
