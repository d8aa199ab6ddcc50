import { beforeEach, describe, expect, test } from "vitest";
import type { CommonInputs } from "../../../providers/airbyte/lifecycle/handler.ts";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import type { ObjectKind } from "../../../providers/airbyte/lifecycle/object-kind.ts";
import { application } from "../../../providers/airbyte/kinds/application/life.ts";
import { declarativeSourceDefinition } from "../../../providers/airbyte/kinds/declarative-source-definition/life.ts";
import { definition } from "../../../providers/airbyte/kinds/definition/life.ts";
import { permission } from "../../../providers/airbyte/kinds/permission/life.ts";
import { tag } from "../../../providers/airbyte/kinds/tag/life.ts";
import { workspace } from "../../../providers/airbyte/kinds/workspace/life.ts";
import { firstUser, startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const API = "/api/public/v1";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const manifest = (name: string) => ({
  version: "6.5.2",
  type: "DeclarativeSource",
  spec: { type: "Spec", connection_specification: { type: "object", properties: { key: { type: "string" } } } },
  streams: [{ name }],
});

type Settings = Record<string, unknown>;

/** One kind: what to declare, what to change, where the server shows it, and what somebody changes there by hand. */
interface Case {
  // The kinds' inputs have nothing in common but their names.
  kind: ObjectKind<never, { id: string }>;
  settings: () => Settings | Promise<Settings>;
  change?: Settings;
  path: (id: string) => string;
  byHand?: [method: string, body: Settings];
  drift?: Settings;
}

const inWorkspace = (path: string) => (id: string) =>
  `${API}/workspaces/${airbyte.workspaceId}/definitions/${path}/${id}`;
const image = { dockerRepository: "me/connector", dockerImageTag: "1.0.0" };

const cases: Record<string, Case> = {
  workspace: {
    kind: workspace as never,
    settings: () => ({
      notifications: { failure: { webhook: { enabled: true, url: "https://hooks.example.com/1" } } },
    }),
    change: { notifications: { failure: { webhook: { enabled: false, url: "https://hooks.example.com/2" } } } },
    path: (id) => `${API}/workspaces/${id}`,
    byHand: ["PATCH", { name: "by hand", notifications: { success: { email: { enabled: true } } } }],
    drift: { name: "by hand" },
  },
  tag: {
    kind: tag as never,
    settings: () => ({ color: "1F77B4" }),
    change: { color: "000000" },
    path: (id) => `${API}/tags/${id}`,
    byHand: ["PATCH", { name: "by hand", color: "ffffff" }],
    drift: { name: "by hand", color: "ffffff" },
  },
  "source-definition": {
    kind: definition("source") as never,
    settings: () => image,
    change: { name: "renamed", dockerImageTag: "2.0.0" },
    path: (id) => inWorkspace("sources")(id),
    byHand: ["PUT", { name: "renamed", dockerImageTag: "3.0.0" }],
    drift: { dockerImageTag: "3.0.0" },
  },
  "destination-definition": {
    kind: definition("destination") as never,
    settings: () => ({ ...image, documentationUrl: "https://example.com/docs" }),
    change: { dockerImageTag: "2.0.0" },
    path: (id) => inWorkspace("destinations")(id),
    byHand: ["PUT", { name: "by hand", dockerImageTag: "2.0.0" }],
    drift: { name: "by hand", dockerImageTag: "2.0.0" },
  },
  "declarative-source-definition": {
    kind: declarativeSourceDefinition as never,
    settings: () => ({ manifest: manifest("orders") }),
    change: { manifest: manifest("customers") },
    path: (id) => inWorkspace("declarative_sources")(id),
    byHand: ["PUT", { manifest: { ...manifest("customers"), description: "by hand" } }],
    drift: { manifest: { ...manifest("customers"), description: "by hand" } },
  },
  permission: {
    kind: permission as never,
    settings: async () => ({
      name: undefined,
      userId: (await firstUser(airbyte)).id,
      permissionType: "workspace_reader",
    }),
    change: { permissionType: "workspace_editor" },
    path: (id) => `${API}/permissions/${id}`,
    byHand: ["PATCH", { permissionType: "workspace_admin" }],
    drift: { permissionType: "workspace_admin" },
  },
  application: {
    kind: application as never,
    settings: () => ({}),
    path: (id) => `${API}/applications/${id}`,
  },
};

const handlerOf = ({ kind }: Case) => new ObjectHandler<CommonInputs, { id: string }>(kind as never);
const declare = async ({ settings }: Case, over: Settings = {}) =>
  ({ ...airbyte.object("example", await settings()), ...over }) as unknown as CommonInputs;
const props = (inputs: CommonInputs) => inputs as unknown as Settings;

describe.each(Object.keys(cases))("%s", (name) => {
  const one = cases[name]!;
  const handler = handlerOf(one);

  test("has its name in the state for ever", () => {
    expect(one.kind.kind).toBe(name);
  });

  test("is created as declared, read without a difference, and is gone after its deletion", async () => {
    const inputs = await declare(one);
    expect(handler.check(props(inputs))).toEqual([]);
    const { id, outs } = await handler.create(inputs, airbyte.context);
    expect(outs).toEqual(inputs);
    const seen = await handler.read(id, inputs, airbyte.context);
    expect(seen).toEqual(inputs);
    expect(handler.diff(inputs, seen!)).toEqual({ changes: false, replaces: [] });
    await handler.delete(id, inputs, airbyte.context);
    expect(await handler.read(id, inputs, airbyte.context)).toBeUndefined();
    await handler.delete(id, inputs, airbyte.context);
  });

  const { change, byHand } = one;
  if (change)
    test("is changed in place", async () => {
      const inputs = await declare(one);
      const { id } = await handler.create(inputs, airbyte.context);
      const changed = { ...inputs, ...change };
      expect(handler.diff(inputs, changed)).toEqual({ changes: true, replaces: [] });
      expect(await handler.update(id, inputs, changed, airbyte.context)).toEqual(changed);
      expect(await handler.read(id, changed, airbyte.context)).toEqual(changed);
      expect(await airbyte.byHand("GET", one.path(id))).toMatchObject(change);
    });

  if (byHand)
    test("shows what somebody changed by hand, and nothing that nobody declared", async () => {
      const inputs = await declare(one, change);
      const { id } = await handler.create(inputs, airbyte.context);
      await airbyte.byHand(byHand[0], one.path(id), byHand[1]);
      expect(await handler.read(id, inputs, airbyte.context)).toEqual({ ...inputs, ...one.drift });
    });

  test("is taken over by name, with what would change told before, and by id", async () => {
    const { id } = await handler.create(await declare(one), airbyte.context);
    const changed = await declare(one, { ...one.change, name: props(await declare(one)).name });
    for (const adopt of [true, id]) {
      const again = { ...changed, adopt, declaredAs: "dev/other" } as CommonInputs;
      const consulted = await handler.consult(again, airbyte.newContext());
      expect(consulted).toMatchObject({ mistakes: [], notes: [expect.stringContaining(`takes over ${id}`)] });
      expect((await handler.create(again, airbyte.newContext())).id).toBe(id);
    }
    expect(await handler.read(id, changed, airbyte.context)).toEqual(changed);
  });

  test("is made once, also when the answer to its creation is lost", async () => {
    const inputs = await declare(one);
    await airbyte.fault({ next: { method: "POST", path: CREATIONS, drop: "after" } });
    const { id } = await handler.create(inputs, airbyte.context);
    const found = await one.kind.calls(airbyte.api.objects).list(inputs as never);
    const alike = found.filter((object) => {
      const shown: Settings = Object.assign({}, inputs, one.kind.shown(object, inputs as never));
      return one.kind.nameOf(shown as never) === one.kind.nameOf(inputs as never);
    });
    expect(alike.map((object) => object.id)).toEqual([id]);
  });

  test("that this Airbyte doesn't have is told so", async () => {
    await airbyte.fault({ next: { count: 3, path: PLACES, status: 404, html: true } });
    const creation = handler.create(await declare(one), airbyte.context);
    await expect(creation).rejects.toThrow(/This Airbyte offers no .*404.*\n {2}Next step: update Airbyte/);
  });
});

// The creating calls of both dialects.
const CREATIONS =
  "(/tags|/workspaces|/permissions|/applications|/definitions/[a-z_]+)$|/(tags|workspaces|permissions|applications)/create$|create_custom$|/publish$";
const PLACES = "tags|workspaces|permissions|applications|definitions|projects";

test("a workspace id that changes makes a new tag and a new connector; a new image too", async () => {
  const other = "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13";
  for (const name of ["tag", "source-definition", "declarative-source-definition"]) {
    const inputs = await declare(cases[name]!);
    const moved = { ...inputs, workspaceId: other };
    expect(handlerOf(cases[name]!).diff(inputs, moved).replaces).toEqual(["workspaceId"]);
  }
  const inputs = await declare(cases["source-definition"]!);
  const elsewhere = { ...inputs, dockerRepository: "me/other" };
  expect(handlerOf(cases["source-definition"]!).diff(inputs, elsewhere).replaces).toEqual(["dockerRepository"]);
});
