import { beforeEach, expect, test } from "vitest";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import type { ActorInputs } from "../../../providers/airbyte/kinds/actor/view.ts";
import { STORED } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const destinations = new ActorHandler("destination");
const API = "/api/public/v1";

let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

/** A password and a port that the connector changes by itself, as with a token and its time of expiry. */
function declared(host: string, password = "first-token", over: Partial<ActorInputs> = {}): ActorInputs {
  const { configuration } = airbyte.destination();
  return airbyte.destination({
    configuration: { ...configuration, host, password: STORED, port: STORED },
    firstValues: { "configuration.password": password, "configuration.port": 5432 },
    ...over,
  });
}

const rotate = (id: string, changed: object) =>
  airbyte.byHand("PATCH", `${API}/destinations/${id}`, { configuration: changed });

async function portOf(id: string) {
  const { configuration } = await airbyte.byHand("GET", `${API}/destinations/${id}`);
  return (configuration as { port: number }).port;
}

test("a value for the creation alone is sent then, and not kept among the outputs", async () => {
  expect(destinations.check({ ...declared("a") })).toEqual([]);
  const { id, outs } = await destinations.create(declared("a"), airbyte.context);
  expect(await portOf(id)).toBe(5432);
  expect(outs).toMatchObject({ configuration: { password: STORED, port: STORED } });
  expect(JSON.stringify(outs)).not.toContain("first-token");
});

test("what the connector has made of it stays in an update, and neither a diff nor a refresh shows it", async () => {
  const { id, outs } = await destinations.create(declared("a"), airbyte.context);
  await rotate(id, { password: "rotated", port: 6000 });
  const state = outs;
  expect(await destinations.read(id, state, airbyte.newContext())).toEqual(state);
  expect(destinations.diff(state, declared("a", "another-first-token")).changes).toBe(false);
  const updated = await destinations.update(id, state, declared("b", "another-first-token"), airbyte.context);
  expect(updated).not.toHaveProperty("firstValues");
  expect(await portOf(id)).toBe(6000);
});

test("where Airbyte has nothing yet the first value is used in an update too; a replacement gets it again", async () => {
  const before = airbyte.destination();
  const { id } = await destinations.create(before, airbyte.context);
  const configuration = { ...before.configuration, jdbc_url_params: STORED };
  const news = { ...before, configuration, firstValues: { "configuration.jdbc_url_params": "a=b" } };
  expect(destinations.diff(before, news)).toMatchObject({ changes: true, replaces: [] });
  await destinations.update(id, before, news, airbyte.context);
  const there = await airbyte.byHand("GET", `${API}/destinations/${id}`);
  expect(there.configuration).toMatchObject({ jdbc_url_params: "a=b" });
  // A new object: Pulumi checks it against what is replaced, and then as new.
  const moved = declared("db", "t", { workspaceId: "11111111-2222-4333-8444-555555555555" });
  expect(destinations.check({ ...moved }, before)).toEqual([]);
});
