import { beforeEach, expect, test } from "vitest";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const connections = new ConnectionHandler();
const API = "/api/public/v1";
const NO_TAG = "00000000-0000-4000-8000-000000000000";

let airbyte: Airbyte;
let nightly: string;
let red: string;
let declare: (over?: Partial<ConnectionInputs>) => ConnectionInputs;

beforeEach(async () => {
  airbyte = await startAirbyte();
  const { api, workspaceId, source, destination } = airbyte;
  const { id: sourceId } = await api.createActor("source", source());
  const { id: destinationId } = await api.createActor("destination", destination());
  declare = (over) => airbyte.connection(sourceId, destinationId, over);
  ({ id: nightly } = await api.objects.tags.create({ workspaceId, name: "nightly", color: "1F77B4" }));
  ({ id: red } = await api.objects.tags.create({ workspaceId, name: "red", color: "FF0000" }));
});

const tagsOnServer = async (id: string) => {
  const { tags } = (await airbyte.byHand("GET", `${API}/connections/${id}`)) as unknown as { tags: { name: string }[] };
  return tags.map(({ name }) => name).sort();
};

test("an id is enough: Airbyte gets the whole tag, and an update gives it another", async () => {
  const inputs = declare({ tags: [nightly] });
  const { id, outs } = await connections.create(inputs, airbyte.context);
  expect(outs).toEqual(inputs);
  expect(await tagsOnServer(id)).toEqual(["nightly"]);
  expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
  const both = declare({ tags: [red, nightly] });
  await connections.update(id, inputs, both, airbyte.context);
  expect(await tagsOnServer(id)).toEqual(["nightly", "red"]);
  expect(await connections.read(id, both, airbyte.context)).toEqual(both);
});

test("a tag by its id and the same one whole are no difference, nor is a tag that was renamed", async () => {
  const whole = { tagId: nightly, workspaceId: airbyte.workspaceId, name: "nightly", color: "1F77B4" };
  expect(connections.diff(declare({ tags: [whole] }), declare({ tags: [nightly] })).changes).toBe(false);
  const inputs = declare({ tags: [nightly, { ...whole, tagId: red, name: "red" }] });
  const { id } = await connections.create(inputs, airbyte.context);
  await airbyte.byHand("PATCH", `${API}/tags/${nightly}`, { name: "daily", color: "000000" });
  expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
});

test("tags that somebody changes by hand are shown the way they are declared: by id", async () => {
  const inputs = declare({ tags: [nightly] });
  const { id } = await connections.create(inputs, airbyte.context);
  const [tag] = (await airbyte.api.objects.tags.list(inputs)).filter((found) => found.id === red);
  const { workspaceId, name, color } = tag!;
  await airbyte.byHand("PATCH", `${API}/connections/${id}`, { tags: [{ tagId: red, workspaceId, name, color }] });
  expect(await connections.read(id, inputs, airbyte.context)).toEqual({ ...inputs, tags: [red] });
});

test("a connection that is taken over gets its tags", async () => {
  const { id } = await connections.create(declare(), airbyte.context);
  const adopting = declare({ tags: [nightly], adopt: true, declaredAs: "dev/other" });
  expect((await connections.create(adopting, airbyte.newContext())).id).toBe(id);
  expect(await tagsOnServer(id)).toEqual(["nightly"]);
});

test("an id that the workspace has no tag for is one clear error, and nothing is made", async () => {
  const creation = connections.create(declare({ tags: [NO_TAG] }), airbyte.context);
  await expect(creation).rejects.toThrow(/"users-to-warehouse": its workspace has no tag .*; it has: .*\(nightly\)/);
  expect(await airbyte.api.listConnections(airbyte.workspaceId)).toEqual([]);
});

test("what is no tag is refused in the preview", () => {
  const check = (tags: unknown) => connections.check({ ...declare(), tags });
  expect(check([nightly, { tagId: red }])).toEqual([]);
  expect(check("nightly")).toEqual(['tags: expected a list; found "nightly"']);
  expect(check([nightly, "red"])).toEqual(['tags[1]: expected a UUID; found "red"']);
});
