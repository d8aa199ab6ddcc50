import { Hono } from "hono";
import { z } from "zod";
import type { Actor, ConnectorKind } from "../../state.ts";
import type { Instance } from "../../instance.ts";
import { isObject } from "../../json.ts";
import {
  actorsOf,
  createActor,
  deleteActor,
  findActor,
  patchActor,
  replaceActor,
  shownConfiguration,
  typeKeys,
} from "../../platform/actors.ts";
import { page } from "../pages.ts";
import { notImplemented, OpaqueError } from "../problems.ts";
import { body, flag, idList, idParam, object, uuid } from "../requests.ts";

const createSchema = z.object({
  name: z.string(),
  workspaceId: uuid,
  configuration: object,
  definitionId: uuid.nullish(),
  resourceAllocation: object.nullish(),
});
const putSchema = createSchema.omit({ workspaceId: true, definitionId: true });
// Airbyte knows a workspaceId here, too, and ignores it.
const patchSchema = z.object({
  name: z.string().nullish(),
  configuration: object.nullish(),
  resourceAllocation: object.nullish(),
});

/** `/sources` and `/destinations`: the same in all but the names of three fields. */
export function actors(instance: Instance, kind: ConnectorKind): Hono {
  const id = `${kind}Id` as const;
  const shown = (actor: Actor, secret?: (path: string) => string) => show(instance, actor, secret);
  return new Hono()
    .get("/", async (c) => {
      const workspaceIds = idList(c, "workspaceIds");
      const deleted = flag(c, "includeDeleted");
      const all = actorsOf(instance, kind)
        .all()
        .filter((actor) => (workspaceIds?.includes(actor.workspaceId) ?? true) && (!actor.deleted || deleted));
      const { items, ...links } = page(c, instance.url, all);
      return c.json({ data: await Promise.all(items.map((actor) => shown(actor))), ...links });
    })
    .post("/", async (c) => {
      const { definitionId, ...given } = await body(c, createSchema);
      return c.json(
        await shown(await createActor(instance, kind, { ...given, definitionId: definitionId ?? undefined })),
      );
    })
    .post("/initiateOAuth", () => {
      throw notImplemented("OAuth consent is a feature of Airbyte Cloud");
    })
    .get(`/:${id}`, async (c) => {
      const actor = findActor(instance, kind, idParam(c, id));
      const coordinate = (path: string) =>
        `secret_coordinate::airbyte_workspace_${actor.workspaceId}_secret_${actor.id}${path.replaceAll("/", "_")}_v1`;
      return c.json(await shown(actor, flag(c, "includeSecretCoordinates") ? coordinate : undefined));
    })
    .put(`/:${id}`, async (c) =>
      c.json(await shown(await replaceActor(instance, kind, idParam(c, id), await body(c, putSchema)))),
    )
    .patch(`/:${id}`, async (c) =>
      c.json(await shown(await patchActor(instance, kind, idParam(c, id), await body(c, patchSchema)))),
    )
    .delete(`/:${id}`, (c) => {
      deleteActor(instance, kind, idParam(c, id));
      return c.body(null, 204);
    });
}

async function show(instance: Instance, actor: Actor, secret?: (path: string) => string) {
  const { id, kind, name, workspaceId, definitionId, createdAt, resourceAllocation } = actor;
  // Airbyte writes it down and can't show it, nor any list that it is in, until it is deleted.
  if (resourceAllocation && !actor.deleted && !isObject(resourceAllocation.default)) {
    throw new OpaqueError(500, `The resourceAllocation of ${kind} ${id} has no default`);
  }
  return {
    [`${kind}Id`]: id,
    name,
    // Empty for custom connectors: Airbyte knows no name for them.
    [typeKeys[kind]]: instance.registry.find(kind, definitionId)?.type ?? "",
    definitionId,
    workspaceId,
    configuration: await shownConfiguration(instance, actor, secret),
    createdAt: Math.floor(createdAt / 1000),
    ...(resourceAllocation ? { resourceAllocation } : {}),
  };
}
