import type { Context } from "hono";
import { z } from "zod";
import { OpaqueError, unprocessable } from "./problems.ts";
import { readJson, type Json, type JsonObject } from "../json.ts";

export const uuid = z.guid();
export const object = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);
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
