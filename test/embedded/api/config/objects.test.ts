// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test } from "vitest";
import { createSource, start, unknownId } from "../../start.ts";

const manifest = {
  spec: { type: "Spec", connection_specification: { type: "object", properties: { key: { type: "string" } } } },
  streams: [{ name: "orders" }],
};
const publication = (version: number, over = {}) => ({
  version,
  description: "",
  manifest: { ...manifest, ...over },
  spec: {},
});

test("a low-code connector is drafted, published, read by its version, changed, and seen by the public API", async () => {
  const { config, call, workspaceId } = await start();
  const builderProject = { name: "Shop", draftManifest: manifest };
  const created = await config("connector_builder_projects/create", { workspaceId, builderProject });
  expect(created).toMatchObject({ status: 200, body: { workspaceId } });
  const { builderProjectId } = created.body as { builderProjectId: string };
  const project = { workspaceId, builderProjectId };
  expect((await config("connector_builder_projects/get_with_manifest", project)).body).toMatchObject({
    builderProject: { name: "Shop", hasDraft: true },
    declarativeManifest: { isDraft: true },
  });
  const published = await config("connector_builder_projects/publish", {
    ...project,
    name: "Shop",
    initialDeclarativeManifest: publication(1),
  });
  const { sourceDefinitionId } = published.body as { sourceDefinitionId: string };
  const path = `/workspaces/${workspaceId}/definitions/declarative_sources/${sourceDefinitionId}`;
  expect((await call("GET", path)).body).toMatchObject({ id: sourceDefinitionId, name: "Shop", manifest, version: 1 });

  const of = { workspaceId, sourceDefinitionId };
  const change = { ...of, setAsActiveManifest: true, declarativeManifest: publication(2, { streams: [] }) };
  await config("declarative_source_definitions/create_manifest", change);
  const { manifestVersions } = (await config("declarative_source_definitions/list_manifests", of)).body as {
    manifestVersions: object[];
  };
  expect(manifestVersions).toEqual([{ version: 2, isActive: true, description: "" }]);
  const read = await config("connector_builder_projects/get_with_manifest", { ...project, version: 2 });
  expect(read.body.declarativeManifest.manifest.streams).toEqual([]);
  const found = await config("connector_builder_projects/get_for_definition_id", {
    workspaceId,
    actorDefinitionId: sourceDefinitionId,
  });
  expect(found.body).toEqual({ builderProjectId, workspaceId });
  expect((await config("connector_builder_projects/delete", project)).status).toBe(204);
  expect((await config("connector_builder_projects/get_with_manifest", project)).status).toBe(404);
});

test("a project is of one workspace", async () => {
  const { config, workspaceId } = await start();
  const { body } = await config("connector_builder_projects/create", { workspaceId, builderProject: { name: "Shop" } });
  const project = { builderProjectId: body.builderProjectId as string, name: "Shop" };
  const publish = (workspace: string, initialDeclarativeManifest: object) =>
    config("connector_builder_projects/publish", { ...project, workspaceId: workspace, initialDeclarativeManifest });
  expect((await publish(unknownId, publication(1))).status).toBe(404);
  expect((await publish(workspaceId, publication(1))).status).toBe(200);
});

test("a connector of one's own takes its sources down with it", async () => {
  const server = await start();
  const { call, config, workspaceId } = server;
  const path = `/workspaces/${workspaceId}/definitions/declarative_sources`;
  const { body } = await call("POST", path, { name: "Shop", manifest });
  const sourceDefinitionId = body.id as string;
  const source = { name: "Orders", workspaceId, sourceDefinitionId, connectionConfiguration: {} };
  const { sourceId } = (await config("sources/create", source)).body as { sourceId: string };
  const { sourceId: other } = await createSource(server);
  expect((await config("source_definitions/delete", { sourceDefinitionId })).status).toBe(204);
  expect((await config("sources/get", { sourceId })).body.connectionConfiguration).toBeNull();
  expect((await config("sources/get", { sourceId: other })).body.connectionConfiguration).not.toBeNull();
  const of = { workspaceId, actorDefinitionId: sourceDefinitionId };
  expect((await config("connector_builder_projects/get_for_definition_id", of)).status).toBe(404);
});

test("permissions are made once for a user and a place, listed by user, changed with an empty answer, and deleted", async () => {
  const { call, config, workspaceId } = await start();
  const [organization] = (await call("GET", "/organizations")).body.data as { organizationId: string }[];
  const [user] = (await call("GET", `/users?organizationId=${organization?.organizationId ?? ""}`)).body.data as {
    id: string;
    email: string;
  }[];
  const userId = user!.id;
  const given = { userId, permissionType: "workspace_reader", workspaceId };
  const { body } = await config("permissions/create", given);
  const { permissionId } = body as { permissionId: string };
  expect(body).toEqual({ permissionId, ...given });
  expect((await config("permissions/create", given)).body).toEqual(body);
  expect((await config("permissions/create", { ...given, workspaceId: undefined })).status).toBe(400);
  const changed = { ...given, permissionId, permissionType: "workspace_admin" };
  expect((await config("permissions/update", { permissionId, permissionType: "workspace_admin" })).status).toBe(204);
  expect((await config("permissions/get", { permissionId })).body).toEqual(changed);
  expect((await config("permissions/list_by_user", { userId })).body).toEqual({ permissions: [changed] });
  expect((await config("permissions/delete", { permissionId })).status).toBe(204);
  expect((await config("permissions/get", { permissionId })).status).toBe(404);
  expect((await config("users/get_by_email", { email: user!.email.toUpperCase() })).body).toMatchObject({ userId });
  expect((await config("users/get_by_email", { email: "nobody@example.com" })).status).toBe(404);
});

test("with a fixed application, both APIs show one, under another id each time, and make and delete none", async () => {
  const { call, config, clientId } = await start({ fixedApplication: true });
  const shown = async () => [
    ...((await call("GET", "/applications")).body.applications as { id: string; clientId: string }[]),
    ...((await config("applications/list")).body.applications as { id: string; clientId: string }[]),
  ];
  const seen = [...(await shown()), ...(await shown())];
  expect(new Set(seen.map((application) => application.clientId))).toEqual(new Set([clientId]));
  expect(new Set(seen.map(({ id }) => id)).size).toBe(4);
  const refused = [
    await call("POST", "/applications", { name: "CI" }),
    await config("applications/create", { name: "CI" }),
    await call("DELETE", `/applications/${seen[0]!.id}`),
    await config("applications/delete", { applicationId: seen[0]!.id }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
});

test("a change of one event's notification by the public API leaves the other events alone", async () => {
  const { call, workspaceId } = await start();
  const path = `/workspaces/${workspaceId}`;
  const url = "https://hooks.example.com/1";
  await call("PATCH", path, {
    notifications: { failure: { webhook: { enabled: true, url } }, success: { email: { enabled: true } } },
  });
  await call("PATCH", path, { notifications: { failure: { webhook: { enabled: false } } } });
  expect((await call("GET", path)).body.notifications).toEqual({
    failure: { webhook: { enabled: false, url } },
    success: { email: { enabled: true } },
  });
});
