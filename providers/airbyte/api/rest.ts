import { z } from "zod";
import type { Call } from "./call.ts";
import type { Client } from "./client.ts";
import { AirbyteError } from "./errors.ts";
import { WAIT } from "./waits.ts";

// Airbyte's own limit (`limit`: default 20, at most 100).
const PAGE = 100;

/**
 * An object of the public API by its id. 404 is absence. 403 may be absence too (a server that cannot tell whose an
 * unknown id is), or a wrong user: `confirm`, a list, decides, and its own refusal is an error, so that a wrong user
 * never reads as "deleted".
 */
export async function readOrAbsent<T>(
  client: Client,
  call: Omit<Call<T>, "method">,
  confirm: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await client.call({ method: "GET", ...call });
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    if (error.status === 404 && error.code === "refused") return undefined;
    if (error.status === 403) return confirm();
    throw error;
  }
}

/** Deletes an object of the public API; one that is gone already is done. */
export async function remove(client: Client, path: string, doing: string): Promise<void> {
  try {
    await client.call({ method: "DELETE", path, doing, atLeastMs: WAIT.call.deletesMs });
  } catch (error) {
    const gone = error instanceof AirbyteError && error.code === "refused" && error.status === 404;
    if (!gone) throw error;
  }
}

/**
 * The pages of a list of the public API. By own offset: the server's `next` may name a host that cannot be reached. The
 * lists have no order, so an object may come twice.
 */
export async function* pagesOf<T>(
  client: Client,
  path: string,
  schema: z.ZodType<T>,
  { query, doing }: { query: Record<string, string>; doing: string },
): AsyncGenerator<T[]> {
  const page = z.looseObject({ data: z.array(schema) });
  for (let offset = 0; ; offset += PAGE) {
    const paged = { ...query, limit: PAGE, offset };
    const { data } = await client.call({ method: "GET", path, query: paged, schema: page, doing });
    yield data;
    if (data.length < PAGE) return;
  }
}

/** A list that comes as a whole. */
export async function* onePage<T>(list: () => Promise<T[]>): AsyncGenerator<T[]> {
  yield await list();
}

/** All objects of pages, each once. */
export async function allOf<T>(pages: AsyncIterable<T[]>, id: (item: T) => string): Promise<T[]> {
  const found = new Map<string, T>();
  for await (const page of pages) for (const item of page) found.set(id(item), item);
  return [...found.values()];
}
