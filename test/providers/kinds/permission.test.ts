import { beforeEach, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { permissionLife, type PermissionInputs } from "../../../providers/airbyte/kinds/permission/life.ts";
import { FAKER, firstUser, startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const handler = new ObjectHandler(descriptions.permission, permissionLife);
const declare = (over: Partial<PermissionInputs> = {}) => {
  const { airbyteUrl, declaredAs, workspaceId } = airbyte.object("ann", {});
  return { airbyteUrl, declaredAs, workspaceId, permissionType: "workspace_reader", ...over } as PermissionInputs;
};

test("an address stands for the user, is looked up once, and kept", async () => {
  const { id: userId, email } = await firstUser(airbyte);
  const inputs = declare({ userEmail: email.toUpperCase() });
  expect((await examineWhole(handler, inputs, airbyte.context)).completed).toEqual({ userId });
  const { outs } = await handler.create(inputs, airbyte.context);
  expect(outs).toEqual({ ...inputs, userId });
  expect(handler.prepare(inputs, { ...inputs, userId })).toEqual({ userId });
  expect(handler.prepare(declare({ userEmail: "b@example.com" }), { ...inputs, userId })).toEqual({});
});

test("an address of nobody is a mistake in the preview, and an error", async () => {
  const inputs = declare({ userEmail: "nobody@example.com" });
  const { mistakes } = await examineWhole(handler, inputs, airbyte.context);
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
  expect(check({ workspaceId: undefined })).toEqual([
    "workspaceId: is missing; expected the workspace's id, or in organizationId that of an organization",
  ]);
  expect(check({ organizationId: NOBODY })).toContain("workspaceId: and organizationId: give one of them");
  expect(check({ permissionType: "organization_admin" })).toEqual([
    "permissionType: organization_admin needs organizationId in place of workspaceId",
  ]);
  expect(check({ permissionType: "admin" })).toEqual([expect.stringContaining("expected one of")]);
});

const API = "/api/public/v1";

test("one that was deleted by hand is gone for a refresh and for a deletion, says so to a change, and is made anew", async () => {
  const inputs = declare({ userId: (await firstUser(airbyte)).id });
  const { id } = await handler.create(inputs, airbyte.context);
  await airbyte.byHand("DELETE", `${API}/permissions/${id}`);
  expect(await handler.read(id, inputs, airbyte.newContext())).toBeUndefined();
  const change = handler.update(id, inputs, { ...inputs, permissionType: "workspace_admin" }, airbyte.context);
  await expect(change).rejects.toThrow(/was deleted in Airbyte by hand.*\n {2}Next step: `refresh`/);
  await handler.delete(id, inputs, airbyte.context);
  expect((await handler.create(inputs, airbyte.newContext())).id).not.toBe(id);
});

test("one that the user has already is told in the preview, refused, and taken over by adopt: true alone", async () => {
  const { id: userId, email } = await firstUser(airbyte);
  const { workspaceId } = airbyte;
  const had = await airbyte.byHand("POST", `${API}/permissions`, {
    permissionType: "workspace_editor",
    userId,
    workspaceId,
  });
  const has = `${email} has workspace_editor in this workspace already (permission ${had.permissionId as string})`;
  for (const permissionType of ["workspace_editor", "workspace_reader"]) {
    const inputs = declare({ permissionType, userId, userEmail: email });
    const makes = permissionType === "workspace_editor" ? "" : ` and makes it ${permissionType}`;
    const next = `adopt: true takes it over${makes}`;
    expect((await examineWhole(handler, inputs, airbyte.context)).mistakes).toEqual([`${has}; ${next}`]);
    const creation = handler.create(inputs, airbyte.newContext());
    await expect(creation).rejects.toThrow(`permission "${userId}": ${has}.\n  Next step: ${next}.`);
    expect((await examineWhole(handler, inputs, airbyte.context, inputs)).mistakes).toEqual([]);
  }
  const adopted = declare({ userId, adopt: true });
  expect((await handler.create(adopted, airbyte.newContext())).id).toBe(had.permissionId);
  expect(await handler.read(had.permissionId as string, adopted, airbyte.context)).toEqual(adopted);
});

test("a second declaration in the same stack is no second holder", async () => {
  const inputs = declare({ userId: (await firstUser(airbyte)).id });
  await handler.create(inputs, airbyte.context);
  const again = handler.create({ ...inputs, declaredAs: "dev/other" }, airbyte.newContext());
  await expect(again).rejects.toThrow(/Next step: this stack has it by another declaration: declare it once/);
});

test("one that a wider one makes redundant names the wider one", async () => {
  const { id: userId, organizationId } = await firstUser(airbyte);
  const wide = await airbyte.byHand("POST", `${API}/permissions`, {
    ...{ permissionType: "organization_editor", userId, organizationId },
  });
  const inputs = declare({ userId });
  await expect(handler.create(inputs, airbyte.context)).rejects.toThrow(
    new RegExp(
      `has organization_editor in the organization ${organizationId} \\(permission ${wide.permissionId as string}\\), which is ` +
        "as wide as workspace_reader or wider.*\n {2}Next step: take this permission out of the program",
    ),
  );
  const wider = declare({ userId, permissionType: "workspace_admin" });
  const { id } = await handler.create(wider, airbyte.newContext());
  await expect(handler.update(id, wider, inputs, airbyte.context)).rejects.toThrow(/has organization_editor/);
});

test("one in another workspace isn't found there, and the command that takes it over is named", async () => {
  const { id: userId } = await firstUser(airbyte);
  const other = (await airbyte.byHand("POST", `${API}/workspaces`, { name: "Other" })).workspaceId as string;
  const { permissionId } = await airbyte.byHand("POST", `${API}/permissions`, {
    ...{ permissionType: "workspace_editor", userId, workspaceId: other },
  });
  const adopting = declare({ userId, adopt: permissionId as string });
  expect((await examineWhole(handler, adopting, airbyte.context)).mistakes).toEqual([
    `adopt: the workspace has no permission ${permissionId as string}; those of another workspace are taken over by ` +
      "npm run adopt -- --workspace ID --also permissions",
  ]);
});
