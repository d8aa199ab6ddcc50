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
  const { config, calls } = await server([notThere, { body: { defaultUserId: "u" } }, { body: { workspaces } }]);
  expect(await config.objects.workspaces.list({})).toMatchObject([{ id: "w", organizationId: "o", regionId: "r" }]);
  expect(calls.map(({ path }) => path)).toEqual([
    "/api/v1/workspaces/list",
    "/api/v1/instance_configuration",
    "/api/v1/workspaces/list_by_user_id",
  ]);
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
