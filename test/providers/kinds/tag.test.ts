import { beforeEach, expect, test, vi } from "vitest";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { tagLife } from "../../../providers/airbyte/kinds/tag/life.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const API = "/api/public/v1";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const handler = new ObjectHandler(descriptions.tag, tagLife);

test("what Airbyte would refuse is refused in the preview", () => {
  const check = (over: object) => handler.check(airbyte.object("nightly", { color: "1F77B4", ...over }));
  expect(check({})).toEqual([]);
  expect(check({ color: "#1F77B4" })).toEqual([
    'color: expected six hexadecimal digits without #, such as 1F77B4; found "#1F77B4"',
  ]);
  expect(check({ name: "x".repeat(31) })).toEqual([
    expect.stringContaining("name: a tag's name has at most 30 characters"),
  ]);
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
  await expect(handler.create(inputs, airbyte.newContext())).rejects.toThrow(/has a tag of this name already/);
});

test("what Airbyte takes and doesn't keep is told", async () => {
  const { tags } = airbyte.api.objects;
  const make = tags.create.bind(tags);
  vi.spyOn(tags, "create").mockImplementation(async (body) => ({ ...(await make(body)), color: "000000" }));
  await handler.create(airbyte.object("nightly", { color: "abcdef" }), airbyte.context);
  expect(airbyte.lines).toEqual(['warning: tag "nightly": Airbyte did not keep what was declared for color.']);
});
