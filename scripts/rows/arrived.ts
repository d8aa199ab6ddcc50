import { join } from "node:path";
import { z } from "zod";
import { ensureRunning, hasData } from "../../embedded/launch.ts";
import { publicApiRoot } from "../../providers/airbyte/api/address.ts";
import { Client } from "../../providers/airbyte/api/client.ts";

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
async function ask<T>(
  stackFolder: string,
  path: string,
  schema: z.ZodType<T>,
  query?: Record<string, string | number>,
): Promise<T | undefined> {
  const folder = join(stackFolder, "embedded");
  if (!hasData(folder)) return undefined;
  const { url, clientId, clientSecret } = await ensureRunning(folder);
  const client = new Client({ root: publicApiRoot(url), configRoot: `${url}/api/embedded`, clientId, clientSecret });
  try {
    const call = { method: "GET" as const, api: "config" as const, path: `/rows${path}`, doing: "ask for rows" };
    return await client.call({ ...call, schema, ...(query ? { query } : {}) });
  } finally {
    await client.close();
  }
}
