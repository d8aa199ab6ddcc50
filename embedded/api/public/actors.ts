import { Hono } from "hono";
import { z } from "zod";
import { isObject, type JsonObject } from "../../json.ts";
import {
  createActor,
  deleteActor,
  patchActor,
  replaceActor,
  shownConfiguration,
  typeKeys,
} from "../../platform/actors.ts";
import { actorsOf, connectorOf, findActor, liveActor } from "../../platform/platform.ts";
import { notImplemented, OpaqueError } from "../../problems.ts";
import { listedModes, type Actor, type ConnectorKind } from "../../state.ts";
import { body, check, flag, idList, idParam, object, page, required, uuid, type Instance } from "../requests.ts";

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

/** `GET /streams`: a bare array, no page. */
export function streams(instance: Instance): Hono {
  return new Hono().get("/", async (c) => {
    const source = liveActor(instance, "source", check(uuid, required(c, "sourceId")));
    const destinationId = c.req.query("destinationId");
    const modes = destinationId ? await destinationModes(instance, check(uuid, destinationId)) : null;
    const connector = connectorOf(instance, "source", source.definitionId);
    const catalog = await instance.discovery.catalogOf(source, connector, { ignoreCache: flag(c, "ignoreCache") });
    return c.json(
      catalog.streams.map((stream) => ({
        streamName: stream.name,
        syncModes: modes && listedModes(stream.supportedSyncModes, modes),
        // Airbyte's spelling, all in lower case.
        streamnamespace: stream.namespace ?? null,
        defaultCursorField: stream.defaultCursorField ?? [],
        sourceDefinedCursorField: stream.sourceDefinedCursor ?? false,
        sourceDefinedPrimaryKey: stream.sourceDefinedPrimaryKey ?? [],
        propertyFields: fieldPaths(stream.jsonSchema),
        // Not in Airbyte's answers: the real connector may offer others, so nobody should refuse a stream by this list.
        ...(connector.openEnded ? { simulated: true } : {}),
      })),
    );
  });
}

async function destinationModes(instance: Instance, id: string) {
  const destination = liveActor(instance, "destination", id);
  const spec = await connectorOf(instance, "destination", destination.definitionId).spec();
  return spec.supportedDestinationSyncModes;
}

function fieldPaths(schema: JsonObject, parent: string[] = []): string[][] {
  const { properties } = schema;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => [
    [...parent, name],
    ...(isObject(property) ? fieldPaths(property, [...parent, name]) : []),
  ]);
}
