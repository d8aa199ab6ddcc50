import { randomUUID } from "node:crypto";
import { z } from "zod";
import { ConnectorFailure, type CheckResult } from "../../connectors/connector.ts";
import { isObject, type Json, type JsonObject } from "../../json.ts";
import {
  createActor,
  deleteActor,
  patchActor,
  replaceActor,
  replacedConfiguration,
  shownConfiguration,
  validateConfiguration,
} from "../../platform/actors.ts";
import { simulationNote } from "../../platform/definitions.ts";
import { actorsOf, connectorOf, findActor, liveActor } from "../../platform/platform.ts";
import { Problem } from "../../problems.ts";
import type { Actor, ConnectorKind, FailureType } from "../../state.ts";
import { object, type Instance } from "../requests.ts";
import { id, post, type Route } from "./route.ts";
import { discoveredCatalog } from "./sync-catalog.ts";

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

const tested = z.object({ id, configuration: object });
const discovery = z.object({ id, disable_cache: z.boolean().nullish() });
const beforeCreation = z.object({ definitionId: id, configuration: object });

/** The connection test of sources and destinations, and the discovery of a source's streams. */
export function checks(instance: Instance, kind: ConnectorKind): Route[] {
  const test = async (definitionId: string, configuration: JsonObject, configId?: string) => {
    const begun = Date.now();
    const { checkError } = instance.faults.settings;
    const { status, message, failureType }: CheckResult = checkError
      ? { status: "failed", message: checkError.replace("{configuration}", JSON.stringify(configuration)) }
      : await connectorOf(instance, kind, definitionId).check(configuration);
    // A configuration that doesn't connect is a result; only a connector that could not tell has failed.
    const failure = failureType && failureType !== "config_error" ? { message: message ?? "", failureType } : undefined;
    const jobInfo = synchronousJob(`check_connection_${kind}`, { configId, begun, failure });
    return { status, ...(message === undefined ? {} : { message }), jobInfo };
  };
  const all = [
    post(`/${kind}s/check_connection`, of(kind, one), (given) => {
      const { definitionId, configuration } = liveActor(instance, kind, given.id);
      return test(definitionId, configuration, given.id);
    }),
    // Checks what an update would store, and stores nothing.
    post(`/${kind}s/check_connection_for_update`, of(kind, tested), async (given) => {
      const configuration = await replacedConfiguration(instance, kind, given.id, given.configuration);
      return test(liveActor(instance, kind, given.id).definitionId, configuration, given.id);
    }),
    post(`/scheduler/${kind}s/check_connection`, of(kind, beforeCreation), async ({ definitionId, configuration }) => {
      const begun = Date.now();
      const { connectionSpecification } = await connectorOf(instance, kind, definitionId).spec();
      try {
        // Nothing is validated before the connector runs, and the connector refuses what its spec doesn't allow.
        validateConfiguration(connectionSpecification, configuration);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return {
          status: "failed",
          message: error.text,
          jobInfo: synchronousJob(`check_connection_${kind}`, { begun }),
        };
      }
      return test(definitionId, configuration);
    }),
  ];
  return kind === "source" ? [...all, post("/sources/discover_schema", of(kind, discovery), discover(instance))] : all;
}

/** A failed discovery is a 200 as well, and says so in `jobInfo`. */
function discover(instance: Instance) {
  return async ({ id: sourceId, disable_cache }: z.output<typeof discovery>) => {
    const source = liveActor(instance, "source", sourceId);
    const connector = connectorOf(instance, "source", source.definitionId);
    const begun = Date.now();
    try {
      const catalog = await instance.discovery.catalogOf(source, connector, { ignoreCache: disable_cache === true });
      return {
        catalog: discoveredCatalog(catalog, connector),
        catalogId: randomUUID(),
        jobInfo: synchronousJob("discover_schema", { configId: sourceId, begun, note: simulationNote(connector) }),
      };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return {
        jobInfo: synchronousJob("discover_schema", {
          configId: sourceId,
          begun,
          failure: { message: error.text, cause: error.cause },
        }),
      };
    }
  };
}

/** What this API tells beside the result of work that it waits for (check, discover, spec). Times in milliseconds. */
export function synchronousJob(configType: string, { configId, begun, failure, note }: Details) {
  const text = failure?.message ?? note;
  return {
    id: randomUUID(),
    configType,
    ...(configId === undefined ? {} : { configId }),
    createdAt: begun,
    endedAt: Date.now(),
    succeeded: failure === undefined,
    connectorConfigurationUpdated: false,
    logType: "formatted",
    logs: { logLines: text === undefined ? [] : text.split("\n") },
    ...(failure === undefined ? {} : { failureReason: reasonOf(failure) }),
  };
}

interface Details {
  configId?: string | undefined;
  begun: number;
  failure?: Failure | undefined;
  /** For the log of what went well: that the connector is simulated, and why. */
  note?: string | undefined;
}

interface Failure {
  message: string;
  failureType?: FailureType | undefined;
  cause?: unknown;
}

function reasonOf({ message, failureType, cause }: Failure) {
  const { failureType: type, internalMessage } = cause instanceof ConnectorFailure ? cause : { failureType };
  return {
    ...(type === undefined ? {} : { failureType: type }),
    externalMessage: message,
    ...(internalMessage === undefined ? {} : { internalMessage }),
    timestamp: Date.now(),
  };
}
