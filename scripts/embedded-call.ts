import { join } from "node:path";
import { ensureRunning, hasData } from "../embedded/index.ts";
import { publicApiRoot } from "../providers/airbyte/api/address.ts";
import type { Call } from "../providers/airbyte/api/call.ts";
import { Client } from "../providers/airbyte/api/client.ts";
import { explained } from "../errors/user-error.ts";

/**
 * One call of what the embedded Airbyte of a stack has beyond Airbyte's APIs; starts the server where it stands still.
 * undefined where the stack has none.
 */
export async function callEmbedded<T>(
  stackFolder: string,
  call: Pick<Call<T>, "method" | "path" | "query" | "doing"> & { schema: NonNullable<Call<T>["schema"]> },
): Promise<T | undefined> {
  const folder = join(stackFolder, "embedded");
  if (!hasData(folder)) return undefined;
  const { url, clientId, clientSecret } = await explained(() => ensureRunning(folder));
  const client = new Client({ root: publicApiRoot(url), configRoot: `${url}/api/embedded`, clientId, clientSecret });
  try {
    return await client.call({ ...call, api: "config" });
  } finally {
    await client.close();
  }
}
