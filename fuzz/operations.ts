// What the embedded Airbyte can be asked, found out from its own routes: there is no description of them that could be out of date. And the
// operations as an OpenAPI document, with ids that are there, so that what is asked goes deeper than "not found".
import { z } from "zod";
import { createApp } from "../embedded/api/app.ts";
import { isObject } from "../embedded/json.ts";
import { openInstance } from "../embedded/server.ts";
import type { FuzzedServer } from "./gateway.ts";

/** A JSON Schema. */
type Schema = Record<string, unknown>;

export interface Operation {
  method: string;
  /** As Hono has it: `/api/public/v1/sources/:sourceId`. */
  path: string;
  /** Of the body; undefined where none is read. */
  body?: Schema | undefined;
}

/** The routes of both APIs, once each: the config API's are at the root of the host too, and the page's want a browser. */
const asked = /^\/(?:api\/|oauth\/token$)/;

/** All operations, with the schemas that they check bodies by. `dataDir` is a folder of their own. */
export async function operationsOf(dataDir: string): Promise<Operation[]> {
  const instance = await openInstance({ dataDir, persist: false, auth: "none" }, "http://127.0.0.1");
  const app = createApp(instance);
  const workspaceId = instance.store.workspaces.all()[0]?.id ?? "";
  const operations = new Map<string, Operation>();
  // Each call that is refused is told there.
  const { error } = console;
  console.error = () => undefined;
  for (const { method, path } of app.routes) {
    if (method === "ALL" || path.includes("*") || !asked.test(path)) continue;
    const body = ["POST", "PUT", "PATCH"].includes(method) ? await bodyOf(app, method, path, workspaceId) : undefined;
    operations.set(`${method} ${path}`, { method, path, body });
  }
  console.error = error;
  await instance.jobs.close();
  return [...operations.values()];
}

/** Sends null, which no body may be, and looks which schema says so. */
async function bodyOf(app: ReturnType<typeof createApp>, method: string, path: string, workspaceId: string) {
  let refusing: z.core.$ZodType | undefined;
  z.config({
    customError: ({ inst, path: at }) => {
      if (!at?.length && inst instanceof z.core.$ZodType) refusing ??= inst;
      return undefined;
    },
  });
  try {
    const url = `http://localhost${path.replace(":workspaceId", workspaceId).replaceAll(/:\w+/g, workspaceId)}`;
    await app.request(url, { method, headers: { host: "localhost" }, body: "null" });
  } finally {
    z.config({ customError: undefined });
  }
  if (!refusing) return undefined;
  return z.toJSONSchema(refusing, { io: "input", unrepresentable: "any" }) as Schema;
}

/** Ids, and what else is more than a text, by the name of the field that holds one: `{sourceId: ["…"], jobId: [1]}`. */
type Ids = Record<string, (string | number)[]>;

interface Objects {
  kept: Ids;
  /** What deletions get, so that the others stay. */
  doomed: Ids;
}

/** Configurations that a source and a destination have. */
const configurations = [
  { sourceType: "faker", count: 10 },
  { destinationType: "postgres", host: "db", port: 5432, database: "d", schema: "s", username: "u", password: "p" },
];

const query = {
  ...{ limit: {}, offset: {}, workspaceIds: {}, tagIds: {}, includeDeleted: {}, includeSecretCoordinates: {} },
  ...{ ids: {}, emails: {}, type: { enum: ["source", "destination"] }, workspaceId: {}, sourceId: {} },
  ...{ destinationId: {}, ignoreCache: {}, userId: {}, organizationId: {}, connectionId: {}, status: {} },
  ...{ jobType: {}, orderBy: {}, createdAtStart: {}, updatedAtEnd: {}, stream: {} },
};

export function openApiOf(operations: Operation[], objects: Objects) {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, body } of operations) {
    const isDeletion = method === "DELETE" || /\/(delete|cancel)$/.test(path);
    const { jobId = [], ...others } = isDeletion ? objects.doomed : objects.kept;
    // A job is an `id` in the config API, which elsewhere nothing is.
    const ids = { ...others, jobId, id: path.startsWith("/api/v1/jobs/") ? jobId : [] };
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => parameter("path", name, ids));
    const inQuery =
      method === "GET" ? Object.entries(query).map(([name, schema]) => parameter("query", name, ids, schema)) : [];
    const schema = body && withIds(inWords(path, body), ids);
    (paths[path.replaceAll(/:(\w+)/g, "{$1}")] ??= {})[method.toLowerCase()] = {
      parameters: [...inPath, ...inQuery],
      ...(schema ? { requestBody: { required: true, content: { "application/json": { schema } } } } : {}),
      responses: { default: { description: "anything but a failure" } },
    };
  }
  return { openapi: "3.1.0", info: { title: "Embedded Airbyte", version: "0" }, paths };
}

function parameter(place: "path" | "query", name: string, ids: Ids, schema: Schema = {}) {
  return { name, in: place, required: place === "path", schema: known(name, { type: "string", ...schema }, ids) };
}

/** The config API has words of its own for what the platform calls id, definitionId and configuration. */
function inWords(path: string, schema: Schema): Schema {
  const [, kind] = /\/(source|destination)(?:s|_definition\w*)\//.exec(path) ?? [];
  if (!path.startsWith("/api/v1/")) return schema;
  const words: Record<string, string> = kind
    ? {
        id: `${kind}Id`,
        definitionId: `${kind}DefinitionId`,
        connectorName: `${kind}Name`,
        configuration: "connectionConfiguration",
      }
    : {};
  const renamed = (name: string) => words[name] ?? name;
  const { properties = {}, required = [] } = schema as { properties?: Schema; required?: string[] };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [renamed(name), value])),
    required: required.map(renamed),
  };
}

function withIds(schema: Schema, ids: Ids): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]: [string, unknown]) => {
      if (key === "properties" && isObject(value)) return [key, properties(value, ids)];
      if (Array.isArray(value))
        return [key, value.map((one) => (isObject(one) ? withIds(one, ids) : (one as unknown)))];
      return [key, isObject(value) ? withIds(value, ids) : value];
    }),
  );
}

function properties(given: Schema, ids: Ids): Schema {
  return Object.fromEntries(
    Object.entries(given)
      // With one that has no default, Airbyte can list nothing any more, and neither can the embedded one: that is meant.
      .filter(([name]) => name !== "resourceAllocation")
      .map(([name, schema]) => [name, known(name, withIds(isObject(schema) ? schema : {}, ids), ids)]),
  );
}

/** Of an id, one that is there: others come by themselves, since a fuzzer goes against the schema as well. */
function known(name: string, schema: Schema, ids: Ids): Schema {
  const there = ids[name.replace(/s$/, "")];
  if (/^(connectionC|c)onfiguration$/.test(name)) return { anyOf: [{ enum: configurations }, { type: "object" }] };
  if (!there || there.length === 0) return schema;
  return schema.type === "array" ? { type: "array", items: { enum: there }, maxItems: 3 } : { enum: there };
}

/** How many of each kind. */
const many = 4;
const api = "/api/public/v1";

/** Makes objects of every kind: some to be asked about and changed, others, in a workspace of their own, to be deleted. */
export async function makeObjects(server: FuzzedServer): Promise<Objects> {
  return { kept: await makeSome(server), doomed: await makeSome(server) };
}

async function makeSome(server: FuzzedServer): Promise<Ids> {
  const { workspaceId = "" } = await server.call("POST", `${api}/workspaces`, { name: "fuzz" });
  const ids: Ids = { workspaceId: [workspaceId as string], color: ["00FF00"], email: ["admin@example.com"] };
  for (let n = 0; n < many; n++) {
    for (const [name, id] of Object.entries(await makeOne(server, workspaceId as string))) (ids[name] ??= []).push(id);
  }
  // Other names for the same.
  const { connectionId = [], sourceDefinitionId = [], destinationDefinitionId = [], manifestId = [] } = ids;
  const definitionId = [...sourceDefinitionId, ...destinationDefinitionId, ...manifestId];
  return {
    ...ids,
    definitionId,
    sourceDefinitionId: definitionId,
    actorDefinitionId: definitionId,
    configId: connectionId,
  };
}

async function makeOne(server: FuzzedServer, workspaceId: string): Promise<Record<string, string | number>> {
  const make = async (path: string, body: object, id: string) => (await server.call("POST", path, body))[id] as string;
  const first = async (path: string) =>
    ((await server.call("GET", `${api}${path}`)).data as Record<string, string>[])[0] ?? {};
  const { id: userId = "" } = await first("/users");
  const { organizationId = "" } = await first("/organizations");
  const [source, destination] = configurations;
  const actor = { name: "fuzz", workspaceId };
  const sourceId = await make(`${api}/sources`, { ...actor, configuration: source }, "sourceId");
  const destinationId = await make(`${api}/destinations`, { ...actor, configuration: destination }, "destinationId");
  const connectionId = await make(`${api}/connections`, { sourceId, destinationId }, "connectionId");
  const image = { name: "fuzz", dockerRepository: "example/fuzz", dockerImageTag: "1.0.0" };
  const definitions = `${api}/workspaces/${workspaceId}/definitions`;
  const project = { workspaceId, builderProject: { name: "fuzz", draftManifest: manifest } };
  const permission = { userId, workspaceId, permissionType: "workspace_admin" };
  return {
    ...{ userId, organizationId, sourceId, destinationId, connectionId },
    jobId: await make(`${api}/jobs`, { connectionId, jobType: "sync" }, "jobId"),
    tagId: await make(`${api}/tags`, { workspaceId, name: connectionId.slice(0, 30), color: "FF0000" }, "tagId"),
    applicationId: await make(`${api}/applications`, { name: "fuzz" }, "id"),
    permissionId: await make(`${api}/permissions`, permission, "permissionId"),
    sourceDefinitionId: await make(`${definitions}/sources`, image, "id"),
    destinationDefinitionId: await make(`${definitions}/destinations`, image, "id"),
    manifestId: await make(`${definitions}/declarative_sources`, { name: "fuzz", manifest }, "id"),
    builderProjectId: await make("/api/v1/connector_builder_projects/create", project, "builderProjectId"),
  };
}

const manifest = {
  version: "6.0.0",
  type: "DeclarativeSource",
  check: { type: "CheckStream", stream_names: ["one"] },
  streams: [],
};
