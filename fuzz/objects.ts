import { configurations, type Ids, type Objects } from "./operations.ts";
import type { FuzzedServer } from "./gateway.ts";

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
