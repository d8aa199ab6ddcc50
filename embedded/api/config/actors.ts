import { z } from "zod";
import type { Actor, ConnectorKind } from "../../state.ts";
import type { Instance } from "../../instance.ts";
import { isObject, type Json, type JsonObject } from "../../json.ts";
import {
  actorsOf,
  createActor,
  deleteActor,
  findActor,
  patchActor,
  replaceActor,
  shownConfiguration,
} from "../../platform/actors.ts";
import { object } from "../requests.ts";
import { id, post, type Route } from "./route.ts";

const pageSize = z.int().min(1).max(1000).nullish();
const one = z.object({ id });
const change = z.object({ id, name: z.string(), configuration: object, resourceAllocation: object.nullish() });
const creation = change.omit({ id: true }).extend({ workspaceId: id, definitionId: id });
const partialChange = change.partial().extend({ id });
const listing = z.object({
  workspaceId: id,
  cursor: id.nullish(),
  pageSize,
  filters: z.object({ searchTerm: z.string().nullish() }).nullish(),
});
const offsetListing = z.object({
  workspaceIds: z.array(id),
  includeDeleted: z.boolean().nullish(),
  nameContains: z.string().nullish(),
  pagination: z.object({ pageSize, rowOffset: z.int().min(0).nullish() }),
});
const search = z.object({
  id: id.nullish(),
  definitionId: id.nullish(),
  workspaceId: id.nullish(),
  name: z.string().nullish(),
  connectorName: z.string().nullish(),
  configuration: object.nullish(),
});

/** A body in this API's words (`sourceId`, `sourceDefinitionId`, `connectionConfiguration`), read as the platform's. */
export function of<T extends z.ZodType>(kind: ConnectorKind, schema: T) {
  return z.preprocess((value) => {
    if (!isObject(value)) return value;
    return {
      ...value,
      id: value[`${kind}Id`],
      definitionId: value[`${kind}DefinitionId`],
      connectorName: value[`${kind}Name`],
      configuration: value.connectionConfiguration,
    };
  }, schema);
}

/** `sources/…` and `destinations/…`. */
export function actors(instance: Instance, kind: ConnectorKind): Route[] {
  const at = (call: string) => `/${kind}s/${call}`;
  const shown = (actor: Actor) => showActor(instance, actor);
  const list = async (all: Actor[], start: number, size = 20) => ({
    [`${kind}s`]: await Promise.all(all.slice(start, start + size).map(shown)),
    page_size: size,
    // Airbyte's name for how many there are in all.
    num_connections: all.length,
  });
  const of_ = <T extends z.ZodType>(schema: T) => of(kind, schema);
  return [
    post(at("create"), of_(creation), async (given) => shown(await createActor(instance, kind, given))),
    post(at("update"), of_(change), async (given) => shown(await replaceActor(instance, kind, given.id, given))),
    post(at("partial_update"), of_(partialChange), async (given) => {
      return shown(await patchActor(instance, kind, given.id, given));
    }),
    post(at("get"), of_(one), (given) => shown(findActor(instance, kind, given.id))),
    post(at("delete"), of_(one), (given) => {
      deleteActor(instance, kind, given.id);
    }),
    post(at("list"), listing, (given) => {
      const all = actorsOf(instance, kind)
        .all()
        .filter((actor) => actor.workspaceId === given.workspaceId && !actor.deleted)
        .filter(named(given.filters?.searchTerm));
      const last = all.findIndex((actor) => actor.id === given.cursor);
      return list(all, last + 1, given.pageSize ?? undefined);
    }),
    post(at("list_paginated"), offsetListing, ({ workspaceIds, includeDeleted, nameContains, pagination }) => {
      const all = actorsOf(instance, kind)
        .all()
        .filter((actor) => workspaceIds.includes(actor.workspaceId) && (!actor.deleted || includeDeleted === true))
        .filter(named(nameContains));
      return list(all, pagination.rowOffset ?? 0, pagination.pageSize ?? undefined);
    }),
    post(at("search"), of_(search), async (wanted) => {
      const all = actorsOf(instance, kind).all();
      const found = all.filter((actor) => !actor.deleted && fits(instance, actor, wanted));
      return { [`${kind}s`]: await Promise.all(found.map(shown)) };
    }),
  ];
}

export async function showActor(instance: Instance, actor: Actor) {
  const { kind, definitionId, resourceAllocation } = actor;
  return {
    [`${kind}DefinitionId`]: definitionId,
    [`${kind}Id`]: actor.id,
    workspaceId: actor.workspaceId,
    connectionConfiguration: await shownConfiguration(instance, actor),
    name: actor.name,
    // The connector's name for people, not the `sourceType` of the public API.
    [`${kind}Name`]: connectorName(instance, actor),
    createdAt: Math.floor(actor.createdAt / 1000),
    isVersionOverrideApplied: false,
    supportState: "supported",
    ...(resourceAllocation ? { resourceAllocation } : {}),
  };
}

export function connectorName({ registry }: Pick<Instance, "registry">, { kind, definitionId }: Actor): string {
  return registry.find(kind, definitionId)?.name ?? "";
}

const named = (part: string | null | undefined) => (actor: Actor) =>
  actor.name.toLowerCase().includes((part ?? "").toLowerCase());

function fits(instance: Instance, actor: Actor, wanted: z.output<typeof search>): boolean {
  const { configuration } = wanted;
  return (
    [undefined, null, actor.id].includes(wanted.id) &&
    [undefined, null, actor.definitionId].includes(wanted.definitionId) &&
    [undefined, null, actor.workspaceId].includes(wanted.workspaceId) &&
    [undefined, null, actor.name].includes(wanted.name) &&
    [undefined, null, connectorName(instance, actor)].includes(wanted.connectorName) &&
    (!configuration || holds(actor.configuration ?? {}, configuration))
  );
}

function holds(stored: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([key, value]: [string, Json]) => {
    const found = stored[key];
    if (isObject(value)) return isObject(found) && holds(found, value);
    return JSON.stringify(found) === JSON.stringify(value);
  });
}
