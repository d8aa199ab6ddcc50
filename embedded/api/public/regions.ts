import { Hono } from "hono";
import { z } from "zod";
import type { Instance } from "../../instance.ts";
import { createRegion, deleteRegion, findRegion, listRegions, updateRegion } from "../../platform/regions.ts";
import { badRequest } from "../../problems.ts";
import type { Region } from "../../state.ts";
import { body, idParam, uuid } from "../requests.ts";

const change = z.object({ name: z.string().nullish(), enabled: z.boolean().nullish() });
const creation = z.object({ name: z.string(), organizationId: uuid, enabled: z.boolean().nullish() });

export function regions(instance: Instance): Hono {
  return new Hono()
    .get("/", (c) => {
      const { organizationId } = c.req.query();
      if (!organizationId) throw badRequest("Required QueryValue [organizationId] not specified");
      return c.json({ data: listRegions(instance, organizationId.toLowerCase()).map(shown) });
    })
    .post("/", async (c) => c.json(shown(createRegion(instance, await body(c, creation)))))
    .get("/:regionId", (c) => c.json(shown(findRegion(instance, idParam(c, "regionId")))))
    .patch("/:regionId", async (c) => {
      return c.json(shown(updateRegion(instance, idParam(c, "regionId"), await body(c, change))));
    })
    .delete("/:regionId", (c) => c.json(shown(deleteRegion(instance, idParam(c, "regionId")))));
}

function shown({ id, createdAt, updatedAt, ...region }: Region) {
  const [created, updated] = [createdAt, updatedAt].map((time) => new Date(time).toISOString());
  return { regionId: id, ...region, createdAt: created, updatedAt: updated };
}
