import { beforeEach, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { declarativeSourceDefinitionLife } from "../../../providers/airbyte/kinds/declarative-source-definition/life.ts";
import { definitionLife, type DefinitionInputs } from "../../../providers/airbyte/kinds/definition/life.ts";
import { FAKER, startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const handler = new ObjectHandler(descriptions["source-definition"], definitionLife);
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

test("one of an image of Airbyte's takes its name from no source, in the run that makes it or in the next", async () => {
  const sources = new ActorHandler("source");
  const { definitionId, ...named } = airbyte.source({ connector: "faker" });
  const meant = async () => (await examineWhole(sources, named as never, airbyte.context)).completed;
  expect(await meant()).toEqual({ definitionId });
  await handler.create(declare({ name: "Faker", dockerRepository: "airbyte/source-faker" }), airbyte.context);
  expect(await meant()).toEqual({ definitionId });
  airbyte.context = airbyte.newContext();
  expect(await meant()).toEqual({ definitionId });
});

test("an image of another workspace is none that a name can mean", async () => {
  const { id: marketing } = await airbyte.context.api.objects.workspaces.create({ name: "Marketing" });
  const { id } = await handler.create(declare({ workspaceId: marketing }), airbyte.context);
  const { connectors } = airbyte.context;
  expect(await connectors.resolve("source", "erp", airbyte.workspaceId)).toHaveProperty("mistake");
  expect(await connectors.resolve("source", "erp", marketing)).toEqual({ id });
});

test("a low-code connector is read from every workspace of its organization", async () => {
  const low = new ObjectHandler(descriptions["declarative-source-definition"], declarativeSourceDefinitionLife);
  const inputs = airbyte.object("shop", { manifest: { spec: { type: "Spec" }, streams: [] } });
  const { id } = await low.create(inputs, airbyte.context);
  const { objects } = airbyte.context.api;
  const { id: marketing } = await objects.workspaces.create({ name: "Marketing" });
  const elsewhere = { ...inputs, workspaceId: marketing };
  expect(await low.read(id, elsewhere, airbyte.newContext())).toEqual(elsewhere);
  expect((await objects.declarativeSourceDefinitions.list({ workspaceId: marketing })).map((one) => one.id)).toEqual([
    id,
  ]);
  await low.delete(id, elsewhere, airbyte.newContext());
  expect(await low.read(id, inputs, airbyte.newContext())).toBeUndefined();
});

test("a manifest's version is an output; a manifest without spec is a mistake", async () => {
  const low = new ObjectHandler(descriptions["declarative-source-definition"], declarativeSourceDefinitionLife);
  const inputs = airbyte.object("shop", { manifest: { spec: { type: "Spec" }, streams: [] } });
  const { id } = await low.create(inputs, airbyte.context);
  expect(await low.outputs(inputs, airbyte.context, id)).toEqual({ version: 1 });
  await low.update(id, inputs, { ...inputs, manifest: { spec: {}, streams: [] } }, airbyte.context);
  expect(await low.outputs(inputs, airbyte.context, id)).toEqual({ version: 2 });
  expect(low.check({ ...inputs, manifest: { streams: [] } })).toEqual([
    expect.stringMatching(/^manifest.spec: is missing/),
  ]);
  expect(low.check({ ...inputs, manifest: { version: 6.5, spec: {}, streams: [] } })).toEqual([
    'manifest.version: expected a text such as "6.48.0", found a number: put it in quotes',
  ]);
  expect(low.diff(inputs, { ...inputs, name: "other" }).replaces).toEqual(["name"]);
});
