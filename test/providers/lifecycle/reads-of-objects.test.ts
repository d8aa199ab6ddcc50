import { beforeEach, describe, expect, test } from "vitest";
import type { ObjectCalls } from "../../../providers/airbyte/api/object-calls.ts";
import { kindOf, sectionOf } from "../../../providers/airbyte/kinds/names.ts";
import { cases, type ObjectName } from "../kinds/examples.ts";
import type { AirbyteObjects } from "../../../providers/airbyte/kinds/calls.ts";
import { airbyteKind } from "../../../providers/airbyte/kind.ts";
import { ObjectHandler } from "../../../providers/airbyte/lifecycle/object.ts";
import { descriptions } from "../../../providers/airbyte/kinds/descriptions.ts";
import { applicationLife } from "../../../providers/airbyte/kinds/application/life.ts";
import { Manifests } from "../../../providers/airbyte/lifecycle/manifests.ts";
import type { Session } from "../../../providers/airbyte/session.ts";
import { startAirbyte, type Airbyte } from "./airbyte.ts";

const COUNT = 12;

let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

type Calls = ObjectCalls<{ id: string }, object, object>;

const calls = (kind: keyof AirbyteObjects) => airbyte.api.objects[kind] as unknown as Calls;

/** Objects of a kind, and what each was made of. */
async function make(kind: keyof AirbyteObjects) {
  const made: { id: string; body: object }[] = [];
  for (let each = 0; each < COUNT; each++) {
    const body = await bodyOf(kind, each);
    made.push({ id: (await calls(kind).create(body)).id, body });
  }
  return made;
}

/** What to create: as many as are asked for, each under a name of its own. */
async function bodyOf(kind: keyof AirbyteObjects, each: number): Promise<object> {
  const settings = await cases[kindOf(kind) as ObjectName].settings(airbyte);
  const body = { name: `x-${each}`, workspaceId: airbyte.workspaceId, ...settings };
  if (kind !== "permissions") return body;
  // One user's, in many workspaces.
  const { id: workspaceId } = await airbyte.api.objects.workspaces.create({ name: `w-${each}` });
  return { ...body, workspaceId };
}

/** Calls since the last look, but for those of tokens. */
async function counted(): Promise<number> {
  const { calls } = (await airbyte.byHand("GET", "/faults")) as { calls: Record<string, number> };
  await airbyte.byHand("DELETE", "/faults");
  const own = Object.entries(calls).filter(([route]) => !route.includes("/token"));
  return own.reduce((sum, [, times]) => sum + times, 0);
}

const kinds = Object.keys(cases).map((kind) => sectionOf(kind as ObjectName));
// No list of the config API shows manifests, and reading one takes three calls there.
const callsFor = (kind: keyof AirbyteObjects) =>
  process.env.AIRBYTE_API === "config" && kind === "declarativeSourceDefinitions" ? 3 * COUNT : 1;

describe.each(kinds)("%s", (kind) => {
  test("are read from one list where there is one, which shows what reading them one by one does", async () => {
    const made = await make(kind);
    const one = await calls(kind).get(made[5]!.id, made[5]!.body);
    await counted();
    const { reads } = airbyte.newContext();
    const found = await Promise.all(made.map(({ id, body }) => reads.object(calls(kind), id, body)));
    expect(await counted()).toBe(callsFor(kind));
    expect(found.map((object) => object?.id)).toEqual(made.map(({ id }) => id));
    expect(found[5]).toEqual(one);
  });

  test("what is deleted is gone, and nothing else is", async () => {
    const made = await make(kind);
    await calls(kind).delete(made[3]!.id, made[3]!.body);
    const { reads } = airbyte.newContext();
    const found = await Promise.all(made.map(({ id, body }) => reads.object(calls(kind), id, body)));
    expect(found.map((object) => object !== undefined)).toEqual(made.map((_, each) => each !== 3));
  });
});

test("many workspaces are read from pages of a hundred", async () => {
  const ids: string[] = [];
  for (let each = 0; each < 150; each++) ids.push((await calls("workspaces").create({ name: `w-${each}` })).id);
  await counted();
  const { reads } = airbyte.newContext();
  const found = await Promise.all(ids.map((id) => reads.object(calls("workspaces"), id, {})));
  expect(found.map((workspace) => workspace?.id)).toEqual(ids);
  expect(await counted()).toBeLessThanOrEqual(2);
});

test("outputs that only the server knows are of the same list", async () => {
  const made = await make("applications");
  await counted();
  const context = airbyte.newContext();
  const session = {
    ...{
      keepSecrets: () => undefined,
      isDataGone: () => false,
      intents: () => context.intents,
      manifests: { note: () => undefined },
    },
    context: () => Promise.resolve(context),
    manifests: new Manifests(),
  } as unknown as Session;
  const kind = airbyteKind("application", new ObjectHandler(descriptions.application, applicationLife));
  const read = made.map(({ id, body }, each) =>
    kind.read(id, { ...airbyte.object(`a-${each}`, {}), ...body }, session),
  );
  for (const shown of await Promise.all(read)) {
    expect(shown?.outs).toMatchObject({
      clientId: expect.any(String) as string,
      clientSecret: expect.any(String) as string,
    });
  }
  expect(await counted()).toBe(1);
});
