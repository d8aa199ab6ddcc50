import { Hono } from "hono";
import type { Instance } from "../../instance.ts";
import { isObject, type JsonObject } from "../../json.ts";
import { connectorOf, liveActor } from "../../platform/actors.ts";
import { listedModes } from "../../sync-modes.ts";
import { check, flag, required, uuid } from "../requests.ts";

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
