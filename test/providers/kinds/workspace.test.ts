import { beforeEach, expect, test } from "vitest";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { workspaceLife, type WorkspaceInputs } from "../../../providers/airbyte/kinds/workspace/life.ts";
import { UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { firstUser, startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const API = "/api/public/v1";
const NOBODY = "00000000-0000-4000-8000-000000000000";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const handler = new ObjectHandler(descriptions.workspace, workspaceLife);
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
  const { organizationId } = await firstUser(airbyte);
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
  expect(check({ failures: {} })).toEqual(['notifications.failures: unknown key; did you mean "failure"?']);
  expect(check({ failure: { webhook: { enabled: true } } })).toEqual([
    "notifications.failure.webhook.url: is missing; an enabled webhook needs one",
  ]);
  expect(check({ failure: UNKNOWN })).toEqual([]);
  expect(check(UNKNOWN)).toEqual([]);
  expect(check([])).toHaveLength(1);
});

function deletionsOf(kind: string, calls: unknown): number {
  const counts = calls as Record<string, number>;
  return (counts[`DELETE /${kind}s/:${kind}Id`] ?? 0) + (counts[`POST /api/v1/${kind}s/delete`] ?? 0);
}
