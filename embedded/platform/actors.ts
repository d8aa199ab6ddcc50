import { randomUUID } from "node:crypto";
import { keepSecrets, mask, replaceSecrets } from "../connectors/secrets.ts";
import type { JsonObject } from "../json.ts";
import { unprocessable, valueNotFound } from "../problems.ts";
import type { Actor, ConnectorKind } from "../state.ts";
import { findValue, mergeConfiguration, validateConfiguration } from "./configuration.ts";
import { deprecateConnection } from "./connections.ts";
import { actorsOf, connectorOf, findActor, findWorkspace, liveActor, type Platform } from "./platform.ts";

export interface ActorChange {
  name?: string | null | undefined;
  configuration?: JsonObject | null | undefined;
  resourceAllocation?: JsonObject | null | undefined;
}

export const typeKeys = { source: "sourceType", destination: "destinationType" } as const;

/** Names are not unique in Airbyte, so a second POST makes a second object. */
export async function createActor(
  platform: Platform,
  kind: ConnectorKind,
  given: ActorChange & {
    name: string;
    workspaceId: string;
    configuration: JsonObject;
    definitionId?: string | undefined;
  },
): Promise<Actor> {
  const workspace = findWorkspace(platform, given.workspaceId);
  const definitionId = given.definitionId ?? definitionByName(platform, kind, given.configuration);
  const configuration = withoutType(kind, given.configuration);
  validateConfiguration(await specOf(platform, kind, definitionId), configuration);
  connectorOf(platform, kind, definitionId).warm?.();
  const now = Date.now();
  return actorsOf(platform, kind).put({
    id: randomUUID(),
    kind,
    name: given.name,
    workspaceId: workspace.id,
    definitionId,
    configuration,
    resourceAllocation: allocated(given),
    deleted: false,
    createdAt: now,
    updatedAt: now,
  });
}

/** PUT: what the request leaves out is gone, and a masked secret stays as it was. */
export function replaceActor(
  platform: Platform,
  kind: ConnectorKind,
  id: string,
  given: ActorChange & { name: string; configuration: JsonObject },
): Promise<Actor> {
  return change(platform, kind, id, given, (spec, stored) => {
    return keepSecrets(spec, withoutType(kind, given.configuration), stored) as JsonObject;
  });
}

/** The configuration that a PUT would store, its masked secrets filled in; 422 unless the spec allows it. */
export async function replacedConfiguration(
  platform: Platform,
  kind: ConnectorKind,
  id: string,
  configuration: JsonObject,
): Promise<JsonObject> {
  const actor = liveActor(platform, kind, id);
  const spec = await specOf(platform, kind, actor.definitionId);
  const next = keepSecrets(spec, withoutType(kind, configuration), actor.configuration) as JsonObject;
  validateConfiguration(spec, next, actor.configuration);
  return next;
}

/** PATCH: merged, and blind for masks: ten asterisks become the secret. */
export function patchActor(platform: Platform, kind: ConnectorKind, id: string, given: ActorChange): Promise<Actor> {
  const patch = given.configuration ? withoutType(kind, given.configuration) : {};
  return change(platform, kind, id, given, (_spec, stored) => mergeConfiguration(stored, patch));
}

/** Takes the connections of the source or destination down first, as Airbyte does. A second time succeeds as well. */
export function deleteActor(platform: Platform, kind: ConnectorKind, id: string): void {
  const actor = findActor(platform, kind, id);
  for (const connection of platform.store.connections.all()) {
    if (connection[`${kind}Id`] === id && connection.status !== "deprecated") deprecateConnection(platform, connection);
  }
  actorsOf(platform, kind).put({ ...actor, configuration: null, deleted: true, updatedAt: Date.now() });
}

/** The configuration as every answer shows it. */
export async function shownConfiguration(
  platform: Platform,
  actor: Actor,
  secret: (path: string) => string = () => mask,
): Promise<JsonObject | null> {
  if (!actor.configuration) return null;
  const spec = await specOf(platform, actor.kind, actor.definitionId);
  return replaceSecrets(spec, actor.configuration, secret) as JsonObject;
}

async function change(
  platform: Platform,
  kind: ConnectorKind,
  id: string,
  given: ActorChange,
  next: (spec: JsonObject, stored: JsonObject) => JsonObject,
): Promise<Actor> {
  const spec = await specOf(platform, kind, liveActor(platform, kind, id).definitionId);
  // Read after the waiting, so that nothing of a request that came in between is lost.
  const actor = liveActor(platform, kind, id);
  const configuration = next(spec, actor.configuration);
  validateConfiguration(spec, configuration, actor.configuration);
  return actorsOf(platform, kind).put({
    ...actor,
    name: given.name ?? actor.name,
    configuration,
    // Airbyte writes it from every request, so leaving it out resets it, on PATCH too.
    resourceAllocation: allocated(given),
    updatedAt: Date.now(),
  });
}

/** As Airbyte keeps it: with a list of its own where there is none. */
function allocated({ resourceAllocation }: ActorChange): JsonObject | null {
  return resourceAllocation ? { jobSpecific: [], ...resourceAllocation } : null;
}

async function specOf(platform: Pick<Platform, "registry">, kind: ConnectorKind, definitionId: string) {
  return (await connectorOf(platform, kind, definitionId).spec()).connectionSpecification;
}

function definitionByName({ registry }: Platform, kind: ConnectorKind, configuration: JsonObject): string {
  const type = findValue(configuration, typeKeys[kind]);
  if (typeof type !== "string") {
    throw unprocessable(`One of definitionId and configuration.${typeKeys[kind]} must be provided`);
  }
  const definitionId = registry.idOf(kind, type);
  if (!definitionId) throw valueNotFound(type);
  return definitionId;
}

function withoutType(kind: ConnectorKind, configuration: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(configuration).filter(([key]) => key !== typeKeys[kind]));
}
