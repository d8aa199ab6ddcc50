import type { Context } from "hono";
import { z } from "zod";
import { ConnectorFailure } from "../../connectors/connector.ts";
import { connectorFailedHere, KnownError, OpaqueError, Problem } from "../../problems.ts";
import { check, jsonOf, uuid } from "../requests.ts";

/** One call of the config API: everything is a POST with JSON, but for a few GETs. */
export interface Route {
  method: "GET" | "POST";
  path: string;
  /** Needs no credentials. */
  anonymous: boolean;
  /** An object is the answer's JSON, a Response the answer, and nothing a 204. */
  answer: (c: Context) => unknown;
}

export function get(path: string, answer: () => unknown): Route {
  return { method: "GET", path, anonymous: true, answer };
}

export function post<T extends z.ZodType>(
  path: string,
  schema: T,
  answer: (given: z.output<T>, c: Context) => unknown,
  { anonymous = false } = {},
): Route {
  return {
    method: "POST",
    path,
    anonymous,
    answer: async (c) => answer(check(schema, await json(c)), c),
  };
}

/** An id, compared without regard to case. */
export const id = uuid.transform((text) => text.toLowerCase());
/** For calls that take no body. */
export const nothing = z.unknown();
export const inWorkspace = z.object({ workspaceId: id });

const unfit = "The provided configuration does not fulfill the specification. Errors: ";

/**
 * What the config API makes of a failure. What isn't found, and what went wrong inside, is an id alone; the reasons of
 * the rest are in `message`. Problems with a type of their own (`error:…`) look as in the public API.
 */
export function inConfigDialect(error: unknown): unknown {
  if (error instanceof ConnectorFailure) return connectorFailedHere(error);
  if (!(error instanceof Problem) || error.type.startsWith("error:")) return error;
  if (error.status === 404 || error.status >= 500) return new OpaqueError(error.status, error.message);
  const prefix = error.status === 422 && !error.text.startsWith(unfit.slice(0, 30)) ? unfit : "";
  return new KnownError(error.status, prefix + error.text);
}

async function json(c: Context): Promise<unknown> {
  const text = await c.req.text();
  return text.trim() === "" ? {} : jsonOf(text);
}
