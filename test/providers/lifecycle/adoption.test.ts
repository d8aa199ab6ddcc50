import { beforeEach, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import { STORED } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { GOOGLE_SHEETS, startAirbyte, type Airbyte } from "./airbyte.ts";

const sources = new ActorHandler("source");
const destinations = new ActorHandler("destination");
const connections = new ConnectionHandler();
const API = "/api/public/v1";
let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

const madeByHand = async (over = {}) => (await airbyte.api.createActor("source", { ...airbyte.source(), ...over })).id;

test("by name: the only one of the name is taken over with what is declared, and nothing is created", async () => {
  const id = await madeByHand({ configuration: { count: 1 } });
  const adopting = airbyte.source({ adopt: true });
  const consulted = await examineWhole(sources, adopting, airbyte.context);
  expect(consulted.notes).toEqual([`takes over ${id} instead of creating, and changes configuration.count`]);
  expect((await sources.create(adopting, airbyte.context)).id).toBe(id);
  expect(await airbyte.api.listActors("source", airbyte.workspaceId)).toMatchObject([
    { id, configuration: { count: 10 } },
  ]);
});

test("by id: whatever it is named", async () => {
  const id = await madeByHand({ name: "old name" });
  expect((await sources.create(airbyte.source({ adopt: id }), airbyte.context)).id).toBe(id);
  expect(await airbyte.api.listActors("source", airbyte.workspaceId)).toMatchObject([{ id, name: "users" }]);
});

test("${stored} keeps the secret that the server has, also when adopting", async () => {
  const { byHand, destination } = airbyte;
  const { id } = await airbyte.api.createActor("destination", destination());
  const kept = destination({
    adopt: true,
    configuration: { ...destination().configuration, password: STORED, host: "new" },
  });
  expect(destinations.check(kept as unknown as Record<string, unknown>)).toEqual([]);
  await destinations.create(kept, airbyte.context);
  expect(await destinations.read(id, kept, airbyte.context)).toEqual(kept);
  const { configuration } = await byHand("GET", `${API}/destinations/${id}`);
  expect(configuration).toMatchObject({ host: "new", password: "**********" });
  // A literal mask would have been stored as the secret; then this marker would not be kept but checked again.
  expect(destinations.diff(kept, kept).changes).toBe(false);
});

test("${stored} is refused where there is nothing to keep: at creation, and for another connector", () => {
  const inputs = airbyte.destination({ configuration: { password: STORED } });
  const asProps = inputs as unknown as Record<string, unknown>;
  expect(destinations.check(asProps)).toEqual([expect.stringContaining("configuration.password: ${stored} keeps")]);
  expect(destinations.check(asProps, inputs)).toEqual([]);
  expect(destinations.check(asProps, { ...inputs, definitionId: GOOGLE_SHEETS })).toHaveLength(1);
});

test("refused, with the reason and the ids: none, two, another connector, one that the stack has", async () => {
  const adopt = (over = {}) => sources.create(airbyte.source({ adopt: true, ...over }), airbyte.context);
  await expect(adopt()).rejects.toThrow(/has no source named "users"/);
  const one = await madeByHand();
  await expect(adopt({ definitionId: GOOGLE_SHEETS })).rejects.toThrow(
    new RegExp(`${one} can't become .*its connector is`),
  );
  const two = await madeByHand();
  await expect(adopt()).rejects.toThrow(new RegExp(`2 sources are named "users".*(${one}|${two}), (${one}|${two})`));
  await sources.create(airbyte.source({ adopt: one }), airbyte.context);
  await airbyte.context.intents.confirm(one);
  await expect(adopt({ adopt: one, declaredAs: "dev/another" })).rejects.toThrow(/is in this stack already/);
  expect(await airbyte.api.listActors("source", airbyte.workspaceId)).toHaveLength(2);
});

test("a connection is taken over with what is declared and keeps the rest; another source refuses it", async () => {
  const source = await madeByHand();
  const { id: destination } = await airbyte.api.createActor("destination", airbyte.destination());
  const made = await airbyte.api.createConnection({
    name: "users-to-warehouse",
    sourceId: source,
    destinationId: destination,
    prefix: "hand_",
    status: "inactive",
  });
  const adopting = airbyte.connection(source, destination, { adopt: true, status: "active" });
  expect((await examineWhole(connections, adopting, airbyte.context)).notes?.[0]).toContain("changes status");
  expect((await connections.create(adopting, airbyte.context)).id).toBe(made.connectionId);
  expect(await airbyte.byHand("GET", `${API}/connections/${made.connectionId}`)).toMatchObject({
    status: "active",
    prefix: "hand_",
  });
  const other = await madeByHand({ name: "other" });
  const wrong = airbyte.connection(other, destination, { adopt: made.connectionId });
  await expect(connections.create(wrong, airbyte.newContext())).rejects.toThrow(/its sourceId is/);
});
