import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../instance.ts";
import { arrivedOf, arrivedOfAll } from "../platform/arrived.ts";
import { findConnection } from "../platform/connections.ts";
import { notFound } from "./problems.ts";
import { check, idParam } from "./requests.ts";

const limit = z.coerce.number().int().min(0).max(1000).default(10);

/**
 * What has arrived in the destinations: of this server alone, Airbyte has no such API.
 *
 * `GET /` counts, for every connection that has synced; `GET /CONNECTION_ID?stream=NAME&limit=10` the first rows.
 */
export function rows(instance: Instance): Hono {
  return new Hono()
    .get("/", async (c) => c.json({ data: await arrivedOfAll(instance, c.req.query("workspaceId")) }))
    .get("/:connectionId", async (c) => {
      const connection = findConnection(instance, idParam(c, "connectionId"));
      const found = await arrivedOf(instance, connection, check(limit, c.req.query("limit")), c.req.query("stream"));
      if (!found) throw notFound("sync of the connection", connection.id);
      return c.json(found);
    });
}
