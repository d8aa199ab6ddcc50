import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { ConfigApi } from "../../../providers/airbyte/api/config.ts";
import { PublicApi } from "../../../providers/airbyte/api/public.ts";
import { scriptedServer, type Step } from "./scripted-server.ts";

async function server(steps: Step[]) {
  const scripted = await scriptedServer(steps);
  const { url } = scripted;
  const client = new Client({ root: `${url}/api/public/v1`, configRoot: `${url}/api/v1` });
  const cloud = new Client({ root: `${url}/v1` });
  onTestFinished(async () => {
    await Promise.all([client.close(), cloud.close()]);
  });
  return { ...scripted, api: new PublicApi(client), config: new ConfigApi(client), cloud: new PublicApi(cloud) };
}

const image = { name: "ERP", dockerRepository: "me/source-erp", dockerImageTag: "1", workspaceId: "w" };
const notThere = { status: 404, body: "Object not found." };
/** What today's server answers to a call that it doesn't have, and to a missing right. */
const refusedBelow = {
  status: 403,
  body: { message: "Forbidden", _links: {}, _embedded: { errors: [{ message: "Forbidden" }] } },
};

test("Airbyte Cloud, which takes no Docker images, is told by name, with the way out", async () => {
  const message = "Non-declarative definitions cannot be created or updated in Airbyte Cloud.";
  const { cloud } = await server([{ status: 400, body: { title: "bad-request", data: { message } } }]);
  await expect(cloud.objects.sourceDefinitions.create(image)).rejects.toThrow(
    /^Airbyte Cloud runs no Docker images .*\n {2}Next step: describe the connector by a low-code manifest/,
  );
});

test("a server that doesn't have a call says so of the kind, whichever call it is; an unknown id is just absent", async () => {
  const { api, config } = await server([notThere, notThere, notThere, { status: 404, body: { errorId: "e" } }]);
  const message = /^This Airbyte offers no tags \(\w+ http.* answered 404\)/;
  await expect(api.objects.tags.list({ workspaceId: "w" })).rejects.toThrow(message);
  await expect(api.objects.tags.get("t", { workspaceId: "w" })).rejects.toThrow(message);
  await expect(config.objects.tags.list({ workspaceId: "w" })).rejects.toThrow(message);
  expect(await api.objects.tags.get("t", { workspaceId: "w" })).toBeUndefined();
});

test("workspaces of a newer server, which lists them by user only, are found by the installation's user", async () => {
  const workspaces = [{ workspaceId: "w", name: "Default", organizationId: "o", dataplaneGroupId: "r" }];
  const { config, calls } = await server([{ body: { defaultUserId: "u" } }, { body: { workspaces } }]);
  expect(await config.objects.workspaces.list({})).toMatchObject([{ id: "w", organizationId: "o", regionId: "r" }]);
  expect(calls.map(({ path }) => path)).toEqual([
    "/api/v1/instance_configuration",
    "/api/v1/workspaces/list_by_user_id",
  ]);
});

test("workspaces of an older server are all that it lists, or the one that it names; a missing right stays one", async () => {
  const workspaces = [{ workspaceId: "w", name: "Default" }];
  const old = await server([notThere, { body: { workspaces } }]);
  expect(await old.config.listWorkspaces()).toEqual(workspaces);
  const named = { body: { defaultWorkspaceId: "w" } };
  const inBetween = await server([named, refusedBelow, { body: workspaces[0] }]);
  expect(await inBetween.config.listWorkspaces()).toEqual(workspaces);
  const withoutRight = await server([{ body: { defaultUserId: "u" } }, refusedBelow, refusedBelow]);
  await expect(withoutRight.config.listWorkspaces()).rejects.toThrow(
    /403: Forbidden\n {2}Next step: check that the application's user may do this; a server that doesn't have this call answers so, too/,
  );
});

test("a call that today's server refuses may not be there, or not be allowed: both are said; Airbyte's own refusal is as it was", async () => {
  const own = { status: 403, body: { title: "forbidden", data: { message: "no such workspace" } } };
  const { api, config } = await server([refusedBelow, refusedBelow, own]);
  const message = /^This Airbyte offers no tags, or keeps them from this application \(\w+ http.* answered 403\)/;
  await expect(api.objects.tags.list({ workspaceId: "w" })).rejects.toThrow(message);
  await expect(config.objects.tags.list({ workspaceId: "w" })).rejects.toThrow(message);
  await expect(api.objects.tags.list({ workspaceId: "w" })).rejects.toThrow(
    /^Could not list tags: .*no such workspace/,
  );
});

test("a 404 of the framework is no object that is gone", async () => {
  const { api } = await server([{ ...refusedBelow, status: 404 }]);
  await expect(api.objects.tags.get("t", { workspaceId: "w" })).rejects.toThrow(/^This Airbyte offers no tags \(/);
});

test("a workspace of the config API is made in the installation's organization, where none is said", async () => {
  const made = { workspaceId: "w", name: "Marketing" };
  const { config, calls } = await server([{ body: { defaultOrganizationId: "o" } }, { body: made }, { body: made }]);
  await config.objects.workspaces.create({ name: "Marketing" });
  await config.objects.workspaces.create({ name: "Marketing", organizationId: "p", regionId: "r" });
  expect(calls.slice(1).map(({ body }) => JSON.parse(body) as object)).toEqual([
    { name: "Marketing", organizationId: "o" },
    { name: "Marketing", organizationId: "p", dataplaneGroupId: "r" },
  ]);
});

test("events that the public API doesn't know stay when the config API changes the others", async () => {
  const breaking = { notificationType: ["customerio"] };
  const notificationSettings = {
    sendOnBreakingChangeWarning: breaking,
    sendOnFailure: { notificationType: ["slack"], slackConfiguration: { webhook: "https://hooks.example.com/1" } },
  };
  const before = { workspaceId: "w", name: "W", notificationSettings };
  const { config, calls } = await server([{ body: before }, { body: before }]);
  await config.objects.workspaces.update("w", { name: "W", notifications: { failure: { email: { enabled: true } } } });
  expect(JSON.parse(calls[1]?.body ?? "")).toMatchObject({
    notificationSettings: {
      sendOnBreakingChangeWarning: breaking,
      sendOnFailure: {
        notificationType: ["slack", "customerio"],
        slackConfiguration: { webhook: "https://hooks.example.com/1" },
      },
    },
  });
});

test("an error quotes no address of a webhook", async () => {
  const url = "https://hooks.example.com/services/s3cret";
  const refusal = { status: 422, body: { message: `refused: ${url}` } };
  const { api, config } = await server([refusal, { body: {} }, refusal]);
  const body = { name: "W", notifications: { failure: { webhook: { enabled: true, url } } } };
  for (const { objects } of [api, config]) {
    const error = await objects.workspaces.create(body).catch((caught: unknown) => caught);
    expect(String(error)).toContain("refused: [secret]");
  }
});

test("a draft in the connector builder is not the connector: the active version is read", async () => {
  const { config, calls } = await server([
    { body: { builderProjectId: "p" } },
    { body: { manifestVersions: [3, 4].map((version) => ({ version, isActive: version === 3, description: "" })) } },
    { body: { builderProject: { name: "Shop" }, declarativeManifest: { manifest: { spec: {} }, version: 3 } } },
  ]);
  const found = await config.objects.declarativeSourceDefinitions.get("d", { workspaceId: "w" });
  expect(found).toEqual({ id: "d", name: "Shop", manifest: { spec: {} }, version: 3 });
  expect(JSON.parse(calls[2]?.body ?? "")).toEqual({ workspaceId: "w", builderProjectId: "p", version: 3 });
});

test("on Airbyte Cloud permissions are listed by organization, and only those of the place count", async () => {
  const one = { permissionId: "1", permissionType: "organization_member", userId: "u", organizationId: "o" };
  const other = { ...one, permissionId: "2", organizationId: undefined, workspaceId: "w" };
  const { cloud, calls } = await server([{ body: { data: [one, other] } }]);
  const found = await cloud.objects.permissions.list({ userId: "u", organizationId: "o" });
  expect(found.map(({ id }) => id)).toEqual(["1"]);
  expect(calls[0]?.path).toBe("/v1/permissions?userId=u&organizationId=o");
});

const opaque = { status: 500, body: { errorId: "e" } };
const scoped = { userId: "u", workspaceId: "w" };
const own = {
  permissionId: "o",
  permissionType: "organization_admin",
  userId: "me",
  scopeId: "1",
  scope: "organization",
};

test("a permission that the public API alone can't read is gone where the list leaves it out, or another one can be read", async () => {
  const place = { permissionType: "workspace_reader", userId: "u", scopeId: "w", scope: "workspace" };
  const shown = await server([opaque, { body: { data: [{ permissionId: "p", ...place }] } }]);
  expect(await shown.cloud.objects.permissions.get("p", scoped)).toMatchObject({ id: "p", workspaceId: "w" });
  const leftOut = await server([opaque, { body: { data: [] } }]);
  expect(await leftOut.cloud.objects.permissions.get("p", scoped)).toBeUndefined();

  const others = { status: 400, body: { title: "bad-request", data: { message: "Organization ID is required" } } };
  const kept = [others, { body: { data: [{ organizationId: "1" }] } }, { body: { data: [] } }];
  const readable = await server([opaque, ...kept, { body: { data: [own] } }, { body: own }]);
  expect(await readable.cloud.objects.permissions.get("p", scoped)).toBeUndefined();
  const nothing = await server([opaque, ...kept, { body: { data: [] } }]);
  await expect(nothing.cloud.objects.permissions.get("p", scoped)).rejects.toThrow(
    /500.*\n {2}Next step: the server answers so for a permission that was deleted, too.*pulumi state delete/s,
  );
});

test("a gateway that keeps the older API back leaves the public one to tell of permissions", async () => {
  const { api } = await server([opaque, notThere, notThere, { body: { data: [] } }]);
  expect(await api.objects.permissions.get("p", scoped)).toBeUndefined();
});

test("a deletion that fails inside the server is done where the object isn't there, and an error where it is", async () => {
  const gone = await server([opaque, { status: 404, body: { title: "resource-not-found" } }]);
  await gone.cloud.objects.applications.delete("a", {});
  const shown = { id: "a", name: "A", clientId: "c", clientSecret: "s", createdAt: 1 };
  const there = await server([opaque, { body: shown }]);
  await expect(there.cloud.objects.applications.delete("a", {})).rejects.toThrow(
    /^Could not delete application a: .*500/,
  );
});
