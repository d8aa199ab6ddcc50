// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test } from "vitest";
import { createSource, postgres, start, unknownId } from "../../start.ts";

const image = { name: "Mine", dockerRepository: "me/source-mine", dockerImageTag: "1.0" };

test("a spec is the connector's, with its documentation and a destination's sync modes", async () => {
  const { config, workspaceId } = await start();
  const given = { destinationDefinitionId: postgres, workspaceId };
  const { status, body } = await config("destination_definition_specifications/get", given);
  expect(status).toBe(200);
  expect(body.destinationDefinitionId).toBe(postgres);
  expect(body.connectionSpecification.properties.password.airbyte_secret).toBe(true);
  expect(body.supportedDestinationSyncModes).toEqual(["overwrite", "append", "append_dedup"]);
  expect(body.documentationUrl).toBe("https://docs.airbyte.com/integrations/destinations/postgres");
  expect(body.jobInfo.succeeded).toBe(true);
  expect(
    (await config("source_definition_specifications/get", { workspaceId, sourceDefinitionId: postgres })).status,
  ).toBe(404);
  const elsewhere = { ...given, workspaceId: unknownId };
  expect((await config("destination_definition_specifications/get", elsewhere)).status).toBe(404);
});

test("a spec that is not known has no properties, and leads to no documentation", async () => {
  const { config, workspaceId } = await start();
  const given = { sourceDefinitionId: unknownId, workspaceId };
  const { status, body } = await config("source_definition_specifications/get", given);
  expect([status, body.connectionSpecification]).toEqual([200, { type: "object", additionalProperties: true }]);
  expect(body).not.toHaveProperty("documentationUrl");
  expect(body).not.toHaveProperty("supportedDestinationSyncModes");
});

test("a low-code connector's spec is the one in its manifest", async () => {
  const { config, call, workspaceId } = await start();
  const spec = { type: "object", properties: { key: { type: "string", airbyte_secret: true } } };
  const manifest = { spec: { connection_specification: spec }, streams: [] };
  const path = `/workspaces/${workspaceId}/definitions/declarative_sources`;
  const { body } = await call("POST", path, { name: "Low", manifest });
  const given = { sourceDefinitionId: body.id as string, workspaceId };
  expect((await config("source_definition_specifications/get", given)).body.connectionSpecification).toEqual(spec);
});

test("a custom definition is created, listed in its workspace only, changed and deleted with 204", async () => {
  const { config, call, workspaceId } = await start();
  const { status, body } = await config("source_definitions/create_custom", { workspaceId, sourceDefinition: image });
  expect(status).toBe(200);
  expect(body).toMatchObject({ ...image, custom: true });
  const { sourceDefinitionId } = body as { sourceDefinitionId: string };
  const listed = async (path: string) => {
    const { sourceDefinitions } = (await config(`source_definitions/${path}`, { workspaceId })).body;
    return (sourceDefinitions as { name: string }[]).map(({ name }) => name);
  };
  expect(await listed("list_for_workspace")).toContain("Mine");
  expect(await listed("list")).toContain("Sample Data");
  expect(await listed("list")).not.toContain("Mine");
  const change = { sourceDefinitionId, workspaceId, dockerImageTag: "2.0" };
  expect((await config("source_definitions/update", change)).body).toMatchObject({
    name: "Mine",
    dockerImageTag: "2.0",
  });
  const shown = await call("GET", `/workspaces/${workspaceId}/definitions/sources/${sourceDefinitionId}`);
  expect(shown.body.dockerImageTag).toBe("2.0");
  expect((await config("source_definitions/delete", { sourceDefinitionId })).status).toBe(204);
  expect((await config("source_definitions/get", { sourceDefinitionId })).status).toBe(404);
});

test("Airbyte's own definitions are shown by id, and can't be changed", async () => {
  const { config, workspaceId } = await start();
  const own = await config("destination_definitions/get", { destinationDefinitionId: postgres });
  expect(own.body).toMatchObject({ name: "Postgres", dockerRepository: "airbyte/destination-postgres", custom: false });
  const change = { destinationDefinitionId: postgres, workspaceId, dockerImageTag: "9" };
  const { status, body } = await config("destination_definitions/update", change);
  expect([status, Object.keys(body as object)]).toEqual([400, ["message"]]);
});

test("workspaces are made, renamed, listed in every way, and deleted with what is in them", async () => {
  const server = await start();
  const { config, workspaceId } = server;
  const { body } = await config("web_backend/connections/list", { workspaceId });
  expect(body.connections).toEqual([]);
  const about = (await fetch(`${server.url}/api/v1/instance_configuration`).then((answer) => answer.json())) as {
    defaultUserId: string;
    defaultOrganizationId: string;
  };
  const { defaultUserId: userId, defaultOrganizationId: organizationId } = about;
  const created = await config("workspaces/create", { name: "Second", organizationId });
  expect(created.body).toMatchObject({ name: "Second", organizationId, slug: "second" });
  const second = created.body.workspaceId as string;
  expect((await config("workspaces/update", { workspaceId: second, name: "Two" })).body.name).toBe("Two");
  const names = async (call: string, given: object = {}) => {
    const { workspaces } = (await config(`workspaces/${call}`, given)).body as { workspaces: { name: string }[] };
    return workspaces.map(({ name }) => name);
  };
  expect(await names("list_by_user_id", { userId })).toEqual(["Default Workspace", "Two"]);
  expect(await names("list_by_user_id", { userId, nameContains: "two" })).toEqual(["Two"]);
  const pagination = { pageSize: 1, rowOffset: 1 };
  expect(await names("list_by_organization_id", { organizationId, pagination })).toEqual(["Two"]);
  expect(await names("list_paginated", { workspaceIds: [second], pagination: {} })).toEqual(["Two"]);
  const { sourceId } = await createSource({ ...server, workspaceId: second });
  expect((await config("workspaces/delete", { workspaceId: second })).status).toBe(204);
  expect((await config("workspaces/get", { workspaceId: second })).status).toBe(404);
  expect((await config("sources/get", { sourceId })).body.connectionConfiguration).toBe(null);
  const info = await config("workspaces/get_organization_info", { workspaceId });
  expect(info.body).toMatchObject({ organizationId, organizationName: "Default Organization" });
});

test("a workspace's notifications are the public API's, in other words", async () => {
  const { config, call, workspaceId } = await start();
  const url = "https://hooks.example.com/x";
  const notifications = {
    failure: { email: { enabled: true }, webhook: { enabled: true, url } },
    success: { email: { enabled: false }, webhook: { enabled: false } },
  };
  await call("PATCH", `/workspaces/${workspaceId}`, { notifications });
  const { notificationSettings } = (await config("workspaces/get", { workspaceId })).body;
  expect(notificationSettings).toEqual({
    sendOnFailure: { notificationType: ["slack", "customerio"], slackConfiguration: { webhook: url } },
    sendOnSuccess: { notificationType: [] },
  });
  await config("workspaces/update", { workspaceId, notificationSettings });
  expect((await call("GET", `/workspaces/${workspaceId}`)).body.notifications).toEqual(notifications);
});

test("tags are made, listed as a bare array, changed in their own workspace only, and deleted", async () => {
  const { config, workspaceId } = await start();
  const { status, body } = await config("tags/create", { workspaceId, name: "prod", color: "AABBCC" });
  expect(status).toBe(200);
  const { tagId } = body as { tagId: string };
  expect(body).toEqual({ tagId, workspaceId, name: "prod", color: "AABBCC" });
  expect((await config("tags/list", { workspaceId })).body).toEqual([body]);
  const change = { tagId, workspaceId, name: "live", color: "000000" };
  expect((await config("tags/update", change)).body).toEqual(change);
  expect((await config("tags/update", { ...change, workspaceId: unknownId })).status).toBe(500);
  const again = await config("tags/create", { workspaceId, name: "live", color: "AABBCC" });
  expect([again.status, again.body.type]).toEqual([409, "error:tag-already-exists"]);
  expect((await config("tags/delete", { tagId, workspaceId })).status).toBe(204);
  expect((await config("tags/list", { workspaceId })).body).toEqual([]);
});
