import { beforeEach, expect, test } from "vitest";
import { ObjectHandler } from "../../../../providers/airbyte/lifecycle/object.ts";
import { permission, type PermissionInputs } from "../../../../providers/airbyte/lifecycle/objects/permission.ts";
import { FAKER, firstUser, startAirbyte, type Airbyte } from "../airbyte.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const handler = new ObjectHandler(permission);
const declare = (over: Partial<PermissionInputs> = {}) => {
  const { airbyteUrl, declaredAs, workspaceId } = airbyte.object("ann", {});
  return { airbyteUrl, declaredAs, workspaceId, permissionType: "workspace_reader", ...over } as PermissionInputs;
};

test("an address stands for the user, is looked up once, and kept", async () => {
  const { id: userId, email } = await firstUser(airbyte);
  const inputs = declare({ userEmail: email.toUpperCase() });
  expect((await handler.consult(inputs, airbyte.context)).completed).toEqual({ userId });
  const { outs } = await handler.create(inputs, airbyte.context);
  expect(outs).toEqual({ ...inputs, userId });
  expect(handler.prepare(inputs, { ...inputs, userId })).toEqual({ userId });
  expect(handler.prepare(declare({ userEmail: "b@example.com" }), { ...inputs, userId })).toEqual({});
});

test("an address of nobody is a mistake in the preview, and an error", async () => {
  const inputs = declare({ userEmail: "nobody@example.com" });
  const { mistakes } = await handler.consult(inputs, airbyte.context);
  expect(mistakes).toEqual([expect.stringContaining("has no user nobody@example.com")]);
  await expect(handler.create(inputs, airbyte.context)).rejects.toThrow(/has no user nobody@example.com/);
});

test("another user, workspace or organization makes a new one", async () => {
  const before = declare({ userId: NOBODY });
  const elsewhere = { ...before, workspaceId: undefined, organizationId: NOBODY };
  expect(handler.diff(before, { ...before, userId: FAKER }).replaces).toEqual(["userId"]);
  expect(handler.diff(before, elsewhere).replaces.sort()).toEqual(["organizationId", "workspaceId"]);
  const { organizationId, id: userId } = await firstUser(airbyte);
  const inOrganization = { ...elsewhere, organizationId, userId, permissionType: "organization_member" };
  const { id } = await handler.create(inOrganization, airbyte.context);
  expect(await handler.read(id, inOrganization, airbyte.context)).toEqual(inOrganization);
});

test("mistakes: nobody, no place, two places, a role of the other place", () => {
  const check = (over: object) => handler.check({ ...declare({ userId: NOBODY }), ...over });
  expect(check({})).toEqual([]);
  expect(check({ userId: undefined })).toEqual([expect.stringMatching(/^userId: is missing/)]);
  expect(check({ workspaceId: undefined })).toEqual(["workspaceId: expected either this or organizationId"]);
  expect(check({ organizationId: NOBODY })).toHaveLength(1);
  expect(check({ permissionType: "organization_admin" })).toEqual([
    "permissionType: organization_admin needs organizationId in place of workspaceId",
  ]);
  expect(check({ permissionType: "admin" })).toEqual([expect.stringContaining("expected one of")]);
});
