import type { Context } from "hono";
import { z } from "zod";
import { check } from "./requests.ts";

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
