import { beforeEach, describe, expect, test } from "vitest";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { application, type ApplicationInputs } from "../../../providers/airbyte/lifecycle/objects/application.ts";
import { declarativeSourceDefinition } from "../../../providers/airbyte/lifecycle/objects/declarative-source-definition.ts";
import { definition, type DefinitionInputs } from "../../../providers/airbyte/lifecycle/objects/definition.ts";
import { permission, type PermissionInputs } from "../../../providers/airbyte/lifecycle/objects/permission.ts";
import { tag } from "../../../providers/airbyte/lifecycle/objects/tag.ts";
import { workspace, type WorkspaceInputs } from "../../../providers/airbyte/lifecycle/objects/workspace.ts";
import { UNKNOWN } from "../../../providers/airbyte/lifecycle/handler.ts";
import { FAKER, startAirbyte, type Airbyte } from "./airbyte.ts";

const API = "/api/public/v1";
const NOBODY = "00000000-0000-4000-8000-000000000000";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const user = async () => {
  const [organization] = (await airbyte.byHand("GET", `${API}/organizations`)).data as { organizationId: string }[];
  const path = `${API}/users?organizationId=${organization?.organizationId ?? ""}`;
  const [found] = (await airbyte.byHand("GET", path)).data as { id: string; email: string }[];
  return { ...found!, organizationId: organization!.organizationId };
};

describe("workspaces", () => {
  const handler = new ObjectHandler(workspace);
  const declare = (over: Partial<WorkspaceInputs> = {}): WorkspaceInputs => ({
    airbyteUrl: airbyte.source().airbyteUrl,
    declaredAs: "dev/marketing",
    name: "marketing",
    ...over,
  });

  test("an event that is declared changes, the others keep what they have", async () => {
    const both = { failure: { email: { enabled: true } }, success: { email: { enabled: true } } };
    const { id } = await handler.create(declare({ notifications: both }), airbyte.context);
    const one = declare({ notifications: { failure: { email: { enabled: false } } } });
    await handler.update(id, declare({ notifications: both }), one, airbyte.context);
    const { notifications } = await airbyte.byHand("GET", `${API}/workspaces/${id}`);
    expect(notifications).toMatchObject({
      failure: { email: { enabled: false } },
      success: { email: { enabled: true } },
    });
    expect(await handler.read(id, one, airbyte.context)).toEqual(one);
  });

  test("with more than a page of sources are emptied first, since Airbyte deletes the first page only", async () => {
    const { id } = await handler.create(declare(), airbyte.context);
    const make = (name: string) => airbyte.api.createActor("source", { ...airbyte.source(), name, workspaceId: id });
    for (let count = 0; count < 21; count++) await make(`source-${count}`);
    await airbyte.api.createActor("destination", { ...airbyte.destination(), workspaceId: id });
    await handler.delete(id, declare(), airbyte.context);
    const { calls } = await airbyte.byHand("GET", "/faults");
    expect(deletionsOf("source", calls)).toBe(21);
    expect(deletionsOf("destination", calls)).toBe(0);
    expect(await handler.read(id, declare(), airbyte.context)).toBeUndefined();
  });

  test("the organization is for the creation: another one is a mistake and no new, empty workspace", async () => {
    const { organizationId } = await user();
    const inputs = declare({ organizationId });
    const { id } = await handler.create(inputs, airbyte.context);
    expect(await handler.read(id, inputs, airbyte.context)).toEqual(inputs);
    const moved = { ...inputs, organizationId: NOBODY };
    expect(handler.diff(inputs, moved).changes).toBe(false);
    expect(handler.check({ ...moved }, inputs)).toEqual([
      "organizationId: can't be changed once the workspace is there; set it back",
    ]);
    expect(handler.check({ ...inputs }, declare())).toEqual([]);
  });

  test("mistakes in notifications are told with their place, and no address", () => {
    const check = (notifications: unknown) => handler.check({ ...declare(), notifications });
    expect(check({ failures: {} })).toEqual(['notifications.failures: is no event; did you mean "failure"?']);
    expect(check({ failure: { webhook: { enabled: true } } })).toEqual([
      "notifications.failure.webhook.url: is missing; an enabled webhook needs one",
    ]);
    expect(check({ failure: UNKNOWN })).toEqual([]);
    expect(check(UNKNOWN)).toEqual([]);
    expect(check([])).toHaveLength(1);
  });
});

function deletionsOf(kind: string, calls: unknown): number {
  const counts = calls as Record<string, number>;
  return (counts[`DELETE /${kind}s/:${kind}Id`] ?? 0) + (counts[`POST /api/v1/${kind}s/delete`] ?? 0);
}

describe("tags", () => {
  const handler = new ObjectHandler(tag);

  test("what Airbyte would refuse is refused in the preview", () => {
    const check = (over: object) => handler.check(airbyte.object("nightly", { color: "1F77B4", ...over }));
    expect(check({})).toEqual([]);
    expect(check({ color: "#1F77B4" })).toEqual([
      'color: expected six hexadecimal digits without #, such as 1F77B4, found "#1F77B4"',
    ]);
    expect(check({ name: "x".repeat(31) })).toEqual([expect.stringContaining("name: expected at most 30 characters")]);
    expect(check({ workspaceId: "default" })).toHaveLength(1);
  });

  test("a colour in other letters is the same colour", async () => {
    const inputs = airbyte.object("nightly", { color: "abcdef" });
    const { id } = await handler.create(inputs, airbyte.context);
    await airbyte.byHand("PATCH", `${API}/tags/${id}`, { name: "nightly", color: "ABCDEF" });
    expect(await handler.read(id, inputs, airbyte.context)).toEqual(inputs);
  });

  test("a run that was killed before the answer: the next one takes over what was made, and nothing older", async () => {
    const { context } = airbyte;
    const inputs = airbyte.object("nightly", { color: "abcdef" });
    const intention = { kind: "tag", declaredAs: inputs.declaredAs, workspaceId: inputs.workspaceId, name: "nightly" };
    await context.intents.begin({ ...intention, identity: {}, before: [] }, context.api.serverTime());
    const made = await context.api.objects.tags.create(inputs);
    const { id } = await handler.create({ ...inputs, color: "000000" }, airbyte.newContext());
    expect(id).toBe(made.id);
    expect(await context.api.objects.tags.list(inputs)).toEqual([{ ...made, color: "000000" }]);
  });

  test("an older one of the same name that another run found there is left alone", async () => {
    const { context } = airbyte;
    const inputs = airbyte.object("nightly", { color: "abcdef" });
    const older = await context.api.objects.tags.create(inputs);
    const intention = { kind: "tag", declaredAs: inputs.declaredAs, workspaceId: inputs.workspaceId, name: "nightly" };
    await context.intents.begin({ ...intention, identity: {}, before: [older.id] }, context.api.serverTime());
    await expect(handler.create(inputs, airbyte.newContext())).rejects.toThrow(/409.*already exists/s);
  });
});

describe("connectors of one's own", () => {
  const handler = new ObjectHandler(definition("source"));
  const declare = (over: Partial<DefinitionInputs> = {}) =>
    airbyte.object("erp", { dockerRepository: "me/source-erp", dockerImageTag: "1.0.0", ...over });

  test("the address of the documentation is for the creation", () => {
    const before = declare({ documentationUrl: "https://example.com/1" });
    const after = declare({ documentationUrl: "https://example.com/2" });
    expect(handler.diff(before, after).changes).toBe(false);
    expect(handler.check({ ...after }, before)).toEqual([
      "documentationUrl: can't be changed once the source-definition is there; set it back",
    ]);
    expect(handler.check({ ...declare() }, before)).toEqual([]);
  });

  test("Airbyte's own connectors can't be taken over", async () => {
    const adopting = declare({ adopt: FAKER, dockerRepository: "airbyte/source-faker" });
    await expect(handler.create(adopting, airbyte.context)).rejects.toThrow(/400.*Only custom definitions/s);
  });

  test("are known to the sources at once, and in their new version after a change", async () => {
    const { connectors } = airbyte.context;
    const version = (id: string) => connectors.version("source", id, airbyte.workspaceId);
    expect(await version(NOBODY)).toBeUndefined();
    const { id } = await handler.create(declare(), airbyte.context);
    expect(await version(id)).toBe("1.0.0");
    await handler.update(id, declare(), declare({ dockerImageTag: "2.0.0" }), airbyte.context);
    expect(await version(id)).toBe("2.0.0");
  });

  test("a manifest's version is an output; a manifest without spec is a mistake", async () => {
    const low = new ObjectHandler(declarativeSourceDefinition);
    const inputs = airbyte.object("shop", { manifest: { spec: { type: "Spec" }, streams: [] } });
    const { id } = await low.create(inputs, airbyte.context);
    expect(await low.outputs(inputs, airbyte.context, id)).toEqual({ version: 1 });
    await low.update(id, inputs, { ...inputs, manifest: { spec: {}, streams: [] } }, airbyte.context);
    expect(await low.outputs(inputs, airbyte.context, id)).toEqual({ version: 2 });
    expect(low.check({ ...inputs, manifest: { streams: [] } })).toEqual([
      expect.stringMatching(/^manifest.spec: is missing/),
    ]);
    expect(low.diff(inputs, { ...inputs, name: "other" }).replaces).toEqual(["name"]);
  });
});

describe("permissions", () => {
  const handler = new ObjectHandler(permission);
  const declare = (over: Partial<PermissionInputs> = {}) => {
    const { airbyteUrl, declaredAs, workspaceId } = airbyte.object("ann", {});
    return { airbyteUrl, declaredAs, workspaceId, permissionType: "workspace_reader", ...over } as PermissionInputs;
  };

  test("an address stands for the user, is looked up once, and kept", async () => {
    const { id: userId, email } = await user();
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
    const { organizationId, id: userId } = await user();
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
});

describe("applications", () => {
  const handler = new ObjectHandler(application);
  const declare = (): ApplicationInputs => airbyte.object("scheduler", {});

  test("their credentials are outputs, and get in", async () => {
    const { id } = await handler.create(declare(), airbyte.context);
    const { clientId, clientSecret } = await handler.outputs(declare(), airbyte.context, id);
    const given = { client_id: clientId, client_secret: clientSecret };
    expect(await airbyte.byHand("POST", `${API}/applications/token`, given)).toHaveProperty("access_token");
  });

  test("with simple authentication there is one for good: one error says so, in the preview already", async () => {
    airbyte = await startAirbyte({ fixedApplication: true });
    const { mistakes } = await handler.consult(declare(), airbyte.context);
    expect(mistakes).toEqual([expect.stringContaining("applications can't be managed there")]);
    await expect(handler.create(declare(), airbyte.context)).rejects.toThrow(
      /application "scheduler": this Airbyte signs in by simple authentication/,
    );
    expect(airbyte.context.intents.pending("application", "dev/scheduler")).toEqual([]);
  });
});
