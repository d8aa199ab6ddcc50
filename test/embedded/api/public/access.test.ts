// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test } from "vitest";
import { start, unknownId } from "../../start.ts";

test("there is one organization, one user, and permissions are kept", async () => {
  const { call, workspaceId } = await start();
  const [organization] = (await call("GET", "/organizations")).body.data as { organizationId: string }[];
  expect(organization).toMatchObject({
    organizationName: expect.any(String) as string,
    email: expect.any(String) as string,
  });
  const [user] = (await call("GET", `/users?organizationId=${organization?.organizationId ?? ""}`)).body.data as {
    id: string;
  }[];
  const given = { userId: user?.id, permissionType: "workspace_reader", workspaceId };
  const { body } = await call("POST", "/permissions", given);
  expect(body).toMatchObject(given);
  const path = `/permissions/${body.permissionId as string}`;
  expect((await call("PATCH", path, { permissionType: "workspace_admin" })).body.permissionType).toBe(
    "workspace_admin",
  );
  const { permissionId } = body as { permissionId: string };
  const listed = async (query: string) => (await call("GET", `/permissions?userId=${query}`)).body.data as object[];
  const inWorkspace = { permissionId, permissionType: "workspace_admin", userId: user?.id, scopeId: workspaceId };
  expect(await listed(user?.id ?? "")).toEqual([{ ...inWorkspace, scope: "workspace" }]);
  expect(await listed(`${user?.id ?? ""}&organizationId=${organization?.organizationId ?? ""}`)).toEqual([]);
  expect((await call("GET", `/permissions?userId=${unknownId}`)).status).toBe(400);
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await call("POST", "/permissions", { ...given, workspaceId: null })).status).toBe(400);
});

test("a permission that isn't there is a 500 without a reason, the same one again is the old one, others are refused from the depth", async () => {
  const { call, config, workspaceId } = await start();
  const [organization] = (await call("GET", "/organizations")).body.data as { organizationId: string }[];
  const { organizationId } = organization!;
  const [user] = (await call("GET", `/users?organizationId=${organizationId}`)).body.data as { id: string }[];
  const unknown = `/permissions/${unknownId}`;
  for (const { status, body } of [
    await call("GET", unknown),
    await call("PATCH", unknown, { permissionType: "workspace_admin" }),
    await call("DELETE", unknown),
    await call("DELETE", `/applications/${unknownId}`),
  ]) {
    expect([status, body]).toEqual([500, { errorId: expect.any(String) as string }]);
  }
  expect((await config("permissions/get", { permissionId: unknownId })).status).toBe(404);

  const given = { userId: user!.id, permissionType: "workspace_reader", workspaceId };
  const { body } = await call("POST", "/permissions", given);
  expect((await call("POST", "/permissions", given)).body.permissionId).toBe(body.permissionId);
  const another = await call("POST", "/permissions", { ...given, permissionType: "workspace_editor" });
  expect([another.status, another.body.data.message]).toEqual([500, expect.stringContaining("duplicate key")]);

  const wide = { userId: user!.id, permissionType: "organization_editor", organizationId };
  await call("POST", "/permissions", wide);
  await call("DELETE", `/permissions/${body.permissionId as string}`);
  const redundant = await call("POST", "/permissions", given);
  expect(redundant.status).toBe(500);
  expect(redundant.body.data.message).toMatch(/workspace_reader would be redundant for user/);
  expect((await config("permissions/create", given)).body).toEqual({ errorId: expect.any(String) as string });
  expect((await call("POST", "/permissions", { ...given, permissionType: "workspace_admin" })).status).toBe(200);
});
