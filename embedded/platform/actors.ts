import { randomUUID } from "node:crypto";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import ajvFormats from "ajv-formats";
import { patterns, withinTime } from "../../specification/patterns.ts";
import { keepSecrets, mask, maskingOf, replaceSecrets } from "../connectors/secrets.ts";
import { firstFound, isObject, type Json, type JsonObject } from "../json.ts";
import { unprocessable, valueNotFound } from "../problems.ts";
import type { Actor, ConnectorKind } from "../state.ts";
import { deprecateConnection } from "./connections.ts";
import { actorsOf, connectorOf, findActor, findWorkspace, liveActor, type Platform } from "./platform.ts";

interface ActorChange {
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

/**
 * Refuses a configuration that the connector's spec does not allow: 422, the reasons in `data.message`.
 *
 * @param stored a configuration whose secrets stand in for masks in it: the reasons quote none of those
 */
export function validateConfiguration(spec: JsonObject, configuration: JsonObject, stored: JsonObject = {}): void {
  const errors = errorsOf(spec, configuration);
  if (errors.length === 0) return;
  const reasons = [...new Set(relevant(errors).map(reason))].map(maskingOf(spec, stored));
  throw unprocessable(
    "The provided configuration does not fulfill the specification. Errors: json schema validation failed when " +
      `comparing the data to the json schema. \nErrors: ${reasons.join(", ")}`,
  );
}

// A manifest brings its own.
function errorsOf(spec: JsonObject, configuration: JsonObject): ErrorObject[] {
  try {
    const errors = errorsBy(spec, configuration);
    if (errors) return errors;
  } catch (error) {
    throw unprocessable(`The connector's specification can't be read as JSON Schema: ${(error as Error).message}`);
  }
  throw unprocessable("The connector's specification is too complex: no configuration can be checked by it");
}

/**
 * Merges as Airbyte's PATCH does. Objects are merged, arrays and scalars replaced; a key can't be removed, and an
 * object can't be replaced by a scalar or null: that is silently ignored.
 */
function mergeConfiguration(stored: JsonObject, patch: JsonObject): JsonObject {
  const merged = { ...stored };
  for (const [key, value] of Object.entries(patch)) {
    const existing = merged[key];
    if (isObject(existing)) {
      if (isObject(value)) merged[key] = mergeConfiguration(existing, value);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

/** The first value of that key at any depth: this is how Airbyte looks for `sourceType`. */
function findValue(value: Json, key: string): Json | undefined {
  const inside = (one: Json) => findValue(one, key);
  if (Array.isArray(value)) return firstFound(value, inside);
  return isObject(value) ? (value[key] ?? firstFound(Object.values(value), inside)) : undefined;
}

// Of a oneOf only the branch that the configuration chose is worth a word.
function relevant(errors: ErrorObject[]): ErrorObject[] {
  const branchOf = (error: ErrorObject) => /^(.*\/oneOf\/\d+)\//.exec(error.schemaPath)?.[1];
  const notChosen = new Set(errors.filter((error) => error.keyword === "const").map(branchOf));
  const left = errors.filter((error) => !notChosen.has(branchOf(error)) || branchOf(error) === undefined);
  const withoutSummary = left.filter((error) => error.keyword !== "oneOf");
  return withoutSummary.length > 0 ? withoutSummary : left;
}

function reason(error: ErrorObject): string {
  const path = "$" + error.instancePath.replaceAll("/", ".");
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return `${path}: required property '${String(params.missingProperty)}' not found`;
    case "type":
      return `${path}: ${typeName(error.data)} found, ${String(params.type)} expected`;
    case "oneOf":
      return `${path}: must be valid to one and only one schema, but 0 are valid`;
    case "enum":
    case "pattern":
    case "format":
      // Airbyte's validator quotes the value here, be it a secret or not.
      return `${path}: ${JSON.stringify(error.data)} ${error.message ?? ""}`;
    default:
      return `${path}: ${error.message ?? error.keyword}`;
  }
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

const ajv = new Ajv({
  ...{ strict: false, allErrors: true, verbose: true, validateFormats: true, addUsedSchema: false },
  // Else what is referred to a thousand times is compiled a thousand times.
  inlineRefs: false,
  code: { regExp: patterns },
});
ajvFormats.default(ajv);
const compiled = new WeakMap<JsonObject, ValidateFunction | "too complex">();

/** Far more than any sensible specification takes, also on a machine that is busy. */
const PATIENCE_MS = 2_000;

/**
 * What a schema, compiled once, finds wrong; undefined where that takes too long, and is not asked again: references to references
 * can mean more than can ever be looked at.
 *
 * @throws Error where it is no schema
 */
function errorsBy(schema: JsonObject, value: Json): ErrorObject[] | undefined {
  if (compiled.get(schema) === "too complex") return undefined;
  const found = withinTime(() => {
    // Whoever shows the value has to tell its secrets in time as well.
    replaceSecrets(schema, value, () => mask);
    const validator = compiledOnce(schema);
    return validator(value) ? [] : (validator.errors ?? []);
  }, PATIENCE_MS);
  // The validator goes with all that it has found.
  if (!found) compiled.set(schema, "too complex");
  return found?.result;
}

function compiledOnce(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (typeof known === "function") return known;
  const validator = ajv.compile(schema);
  compiled.set(schema, validator);
  return validator;
}
