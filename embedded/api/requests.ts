import type { Context } from "hono";
import { z } from "zod";
import type { Programs } from "../connectors/programs.ts";
import type { WriterPool } from "../connectors/python/writers.ts";
import type { AccessToken, Credentials, Tokens } from "../credentials.ts";
import { isObject, readJson, type Json, type JsonObject } from "../json.ts";
import type { Platform } from "../platform/platform.ts";
import { isSame, type Prover } from "../probe.ts";
import { invalidToken, OpaqueError, unprocessable } from "../problems.ts";
import type { Job } from "../state.ts";
import type { Jobs } from "../syncs/jobs.ts";

/** One running embedded Airbyte: what the routes of every API dialect work on. */
export interface Instance extends Platform {
  url: string;
  version: string;
  credentials: Credentials;
  tokens: Tokens;
  /** Proves to those who can read the data folder that this is its server. */
  prover: Prover;
  /** The connectors' programs that run. */
  programs: Programs;
  /** What writes into databases. */
  writers: WriterPool;
  jobs: Jobs;
}

export const uuid = z.guid();
export const object = z.custom<JsonObject>(isObject, "expected an object");
const noneOf = ["", "null"];

/** The JSON body. Unknown keys are ignored, as Airbyte does. */
export async function body<T extends z.ZodType>(c: Context, schema: T): Promise<z.infer<T>> {
  return check(schema, jsonOf(await c.req.text()));
}

/** A body as JSON. */
export function jsonOf(text: string): Json {
  try {
    return readJson(text);
  } catch (error) {
    throw new OpaqueError(422, `The body can't be read: ${(error as Error).message}`);
  }
}

/** Airbyte's bean validation: 400 and an id, the cause being in the log only. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (!result.success) throw new OpaqueError(400, z.prettifyError(result.error));
  return result.data;
}

export function idParam(c: Context, name: string): string {
  return check(uuid, c.req.param(name)).toLowerCase();
}

export function flag(c: Context, name: string): boolean {
  return c.req.query(name) === "true";
}

/** A list in the query: clients repeat the key, Airbyte's own links join with commas. */
export function idList(c: Context, name: string): string[] | undefined {
  const ids = (c.req.queries(name) ?? []).flatMap((value) => value.split(",")).filter((id) => !noneOf.includes(id));
  return ids.length === 0 ? undefined : ids.map((id) => check(uuid, id).toLowerCase());
}

export function required(c: Context, name: string): string {
  const value = c.req.query(name);
  if (!value) throw unprocessable(`The query parameter ${name} is required`);
  return value;
}

const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).default(0),
});

export interface Page<T> {
  items: T[];
  previous: string;
  next: string;
}

/**
 * One page of a list. `next` is set whenever the page holds anything, even on the last one, and empty otherwise: some
 * clients end there. Airbyte leaves `tagIds` out of these links, and joins lists with commas.
 */
export function page<T>(c: Context, url: string, all: T[]): Page<T> {
  const { limit, offset } = check(pageSchema, { limit: c.req.query("limit"), offset: c.req.query("offset") });
  const items = all.slice(offset, offset + limit);
  const link = (from: number) => {
    const query = new URLSearchParams();
    for (const [name, values] of Object.entries(c.req.queries())) {
      if (!["limit", "offset", "tagIds"].includes(name)) query.set(name, values.join(","));
    }
    query.set("limit", String(limit));
    query.set("offset", String(from));
    return `${url}${c.req.path.replace(/\/$/, "")}?${query.toString()}`;
  };
  return {
    items,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : "",
    next: items.length > 0 ? link(offset + limit) : "",
  };
}

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .nullish();

/** Between which moments a job was made, and changed last. */
export const jobTimes = z.object({
  createdAtStart: moment,
  createdAtEnd: moment,
  updatedAtStart: moment,
  updatedAtEnd: moment,
});

/** The jobs of these times, in this order. */
export function jobsOf(
  jobs: Job[],
  given: z.output<typeof jobTimes>,
  by: "createdAt" | "updatedAt",
  newestFirst: boolean,
) {
  const sign = newestFirst ? -1 : 1;
  return jobs
    .filter(
      ({ createdAt }) => createdAt >= (given.createdAtStart ?? 0) && createdAt <= (given.createdAtEnd ?? Infinity),
    )
    .filter(
      ({ updatedAt }) => updatedAt >= (given.updatedAtStart ?? 0) && updatedAt <= (given.updatedAtEnd ?? Infinity),
    )
    .sort((a, b) => sign * (a[by] - b[by] || a.id - b.id));
}

// The grant is spelled grant-type, grant_type or not at all by different clients; Airbyte doesn't look at it either.
const grantSchema = z.object({ client_id: z.string(), client_secret: z.string() });

/** A token for a client's id and secret: JSON as the APIs say, or a form as Airbyte's own SDKs and OAuth clients send. */
export async function grantToken(instance: Instance, c: Context): Promise<AccessToken> {
  const form = c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  const { client_id, client_secret } = form
    ? check(grantSchema, Object.fromEntries(new URLSearchParams(await c.req.text())))
    : await body(c, grantSchema);
  if (!isClient(instance, client_id, client_secret)) throw new OpaqueError(401, "Unknown client id or secret");
  return instance.tokens.issue(client_id);
}

/** Throws a 401 unless the request comes with a good token, or with what else the server was told to take. */
export async function admit(instance: Instance, c: Context, { basic = false } = {}): Promise<void> {
  const { tokens, store, options } = instance;
  if (options.auth === "none") return;
  const [, scheme, value = ""] = /^(Bearer|Basic) (.+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (scheme?.toLowerCase() === "basic") {
    const [user = "", ...rest] = Buffer.from(value, "base64").toString("utf8").split(":");
    if (basic && isClient(instance, user, rest.join(":"))) return;
    throw invalidToken();
  }
  const clientId = scheme === undefined ? null : await tokens.clientOf(value);
  if (!store.applications.all().some((application) => application.clientId === clientId)) throw invalidToken();
}

function isClient({ store }: Instance, id: string, secret: string): boolean {
  const application = store.applications.all().find(({ clientId }) => clientId === id);
  return application !== undefined && isSame(application.clientSecret, secret);
}
