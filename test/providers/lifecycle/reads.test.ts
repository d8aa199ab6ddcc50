import { beforeEach, describe, expect, test } from "vitest";
import { airbyteKind } from "../../../providers/airbyte/kind.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { Reads } from "../../../providers/airbyte/lifecycle/reads.ts";
import type { Session } from "../../../providers/airbyte/session.ts";
import { startAirbyte, type Airbyte } from "./airbyte.ts";

let airbyte: Airbyte;
beforeEach(async () => {
  airbyte = await startAirbyte();
});

async function sources(count: number): Promise<string[]> {
  const { api, source } = airbyte;
  const made = [];
  for (let each = 0; each < count; each++) made.push(await api.createActor("source", source({ name: `s-${each}` })));
  return made.map(({ id }) => id);
}

/** Reads all of them as a refresh does: eight at a time, as Pulumi on a machine with two cores. */
async function readAll(reads: Reads, ids: string[]) {
  const found = new Map<string, unknown>();
  const rest = [...ids];
  const worker = async () => {
    for (let id = rest.shift(); id !== undefined; id = rest.shift())
      found.set(id, await reads.actor("source", id, airbyte.workspaceId));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return found;
}

/** Calls since the last look: lists, and reads by id. */
async function calls() {
  const counted = (await airbyte.byHand("GET", "/faults")).calls as Record<string, number>;
  await airbyte.byHand("DELETE", "/faults");
  const sum = (pattern: RegExp) =>
    Object.entries(counted).reduce((all, [route, times]) => (pattern.test(route) ? all + times : all), 0);
  return { lists: sum(/^GET \/sources$|\/sources\/list/), single: sum(/^GET \/sources\/:|\/sources\/get/) };
}

describe("a refresh", () => {
  test("of many objects takes a list call for each hundred of them, and shows what single reads show", async () => {
    const ids = await sources(250);
    const one = await airbyte.api.getActor("source", ids[249]!, airbyte.workspaceId);
    await calls();
    const found = await readAll(new Reads(airbyte.api), ids);
    expect(found.get(ids[249]!)).toEqual(one);
    expect([...found.values()].every(Boolean)).toBe(true);
    const { lists, single } = await calls();
    expect(lists).toBeLessThanOrEqual(4);
    // The first eight at most, before it is worth a further page.
    expect(single).toBeLessThanOrEqual(8);
  });

  test("of few objects reads them by their ids, however many others are there", async () => {
    const ids = await sources(210);
    await calls();
    await readAll(new Reads(airbyte.api), ids.slice(-3));
    expect(await calls()).toEqual({ lists: 0, single: 3 });
    await readAll(new Reads(airbyte.api), ids.slice(-12));
    expect((await calls()).lists).toBeLessThanOrEqual(3);
  });

  test("asks for what the list doesn't show by its id: what is deleted is gone, and nothing else is", async () => {
    const ids = await sources(20);
    await airbyte.api.deleteActor("source", ids[3]!, "s-3");
    const found = await readAll(new Reads(airbyte.api), ids);
    expect(ids.filter((id) => found.get(id) === undefined)).toEqual([ids[3]]);
  });

  test("goes on one by one where the list fails", async () => {
    const ids = await sources(20);
    const api = Object.create(airbyte.api, {
      pagesOfActors: {
        value: async function* () {
          yield await Promise.reject(new Error("no list for you"));
        },
      },
    }) as typeof airbyte.api;
    api.getActor = airbyte.api.getActor.bind(airbyte.api);
    const found = await readAll(new Reads(api), ids);
    expect([...found.values()].every(Boolean)).toBe(true);
  });
});

test("connections are read from their list too, and a deprecated one is gone", async () => {
  const { api, workspaceId, source, destination, connection } = airbyte;
  const { id: sourceId } = await api.createActor("source", source());
  const { id: destinationId } = await api.createActor("destination", destination());
  const made = [];
  for (let each = 0; each < 12; each++)
    made.push(await api.createConnection(connection(sourceId, destinationId, { name: `c-${each}` }) as never));
  await api.deleteConnection(made[0]!.connectionId, "c-0");
  const reads = new Reads(api);
  const read = await Promise.all(made.map(({ connectionId }) => reads.connection(connectionId, workspaceId)));
  expect(read[0]).toBeUndefined();
  expect(read.slice(1).map((each) => each?.name)).toEqual(made.slice(1).map(({ name }) => name));
  expect(read[5]).toEqual(await api.getConnection(made[5]!.connectionId, workspaceId));
});

test("after a change by this process nothing is answered from a list that was read before", async () => {
  const ids = await sources(12);
  const { context, source } = airbyte;
  await readAll(context.reads, ids);
  const kind = airbyteKind("source", new ActorHandler("source"));
  const session = { context: () => Promise.resolve(context) } as unknown as Session;
  const olds = source({ name: "s-0" });
  await kind.update(ids[0]!, { ...olds }, { ...olds, name: "renamed" }, session);
  expect((await context.reads.actor("source", ids[0]!, airbyte.workspaceId))?.name).toBe("renamed");
});
