import type { Call } from "./call.ts";
import type { Client } from "./client.ts";
import { AirbyteError } from "./errors.ts";
import { WAIT } from "./waits.ts";

/** What a call of the config API has beside its path and body. */
export type Ask<T> = Pick<Call<T>, "schema" | "doing" | "atLeastMs" | "runsConnector">;

/** One call of the config API, where everything is a POST. */
export function ask<T>(client: Client, path: string, body: unknown, call: Ask<T>, repeatable = false): Promise<T> {
  return client.call({ method: "POST", api: "config", path, body, repeatable, ...call });
}

/**
 * The same for a question about one object; undefined on 404: there is no such object. 403 may mean the same, or a
 * wrong user: `confirm` decides, and its own refusal is an error.
 */
export async function find<T>(
  client: Client,
  path: string,
  body: unknown,
  call: Ask<T>,
  confirm?: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await ask(client, path, body, call, true);
  } catch (error) {
    if (!(error instanceof AirbyteError) || error.code !== "refused") throw error;
    if (error.status === 404) return undefined;
    if (error.status === 403 && confirm) return confirm();
    throw error;
  }
}

/** Deletes an object; one that is gone already is done. */
export async function remove(client: Client, path: string, body: unknown, doing: string): Promise<void> {
  await find(client, path, body, { doing, atLeastMs: WAIT.call.deletesMs });
}

/** True for the answer of a server that surely doesn't have the call at all: a 404 whose body isn't Airbyte's JSON. */
export function isNoSuchCall(error: unknown): error is AirbyteError {
  return error instanceof AirbyteError && error.status === 404 && error.code === "notAirbyte";
}

/**
 * True for the same, and for what today's server answers to a call that it doesn't have: 403 of its framework, which a
 * missing right looks like. So whoever goes on by another call lets the refusal of that one stand.
 */
export function mayBeNoSuchCall(error: unknown): error is AirbyteError {
  return isNoSuchCall(error) || (error instanceof AirbyteError && error.status === 403 && error.byFramework);
}

/** undefined where the server may not have the call. */
export async function ifOffered<T>(asked: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asked();
  } catch (error) {
    if (mayBeNoSuchCall(error)) return undefined;
    throw error;
  }
}
