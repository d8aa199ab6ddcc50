import { expect, test } from "vitest";
import { configApiRoot, publicApiRoot } from "../../../providers/airbyte/api/address.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { isSet, keepsSyncStates, readSyncState, writeSyncState } from "../../../providers/airbyte/api/sync-state.ts";
import { createPipeline, start, unknownId, type Running } from "../../embedded/start.ts";
import { scriptedServer } from "./scripted-server.ts";

const STATE = {
  stateType: "stream",
  streamState: [{ streamDescriptor: { name: "users" }, streamState: { cursor: 7 } }],
};

function clientOf({ url, clientId, clientSecret }: Pick<Running, "url" | "clientId" | "clientSecret">): Client {
  const root = publicApiRoot(url);
  return new Client({ root, configRoot: configApiRoot(root), clientId, clientSecret });
}

test("a sync state is read and written, and stays what it was on its way from one Airbyte to another", async () => {
  const [first, other] = [await start(), await start()];
  const [from, to] = [await createPipeline(first), await createPipeline(other)];
  const before = await readSyncState(clientOf(first), from.connectionId);
  expect(before && isSet(before)).toBe(false);
  await writeSyncState(clientOf(first), from.connectionId, "users", STATE);

  const state = await readSyncState(clientOf(first), from.connectionId);
  expect(state).toMatchObject(STATE);
  await writeSyncState(clientOf(other), to.connectionId, "users", state!);
  expect(await readSyncState(clientOf(other), to.connectionId)).toMatchObject(STATE);
});

test("a state is refused while a sync of the connection runs, in Airbyte's words", async () => {
  const server = await start({ jobMs: 60_000 });
  const { connectionId } = await createPipeline(server);
  await server.call("POST", "/jobs", { connectionId, jobType: "sync" });
  const written = writeSyncState(clientOf(server), connectionId, "users", STATE);
  await expect(written).rejects.toMatchObject({ status: 423 });
  await expect(written).rejects.toThrow('write the sync state of connection "users"');
});

test("whether an Airbyte has the calls is asked for before it has any connection", async () => {
  expect(await keepsSyncStates(clientOf(await start()))).toBe(true);

  const notThere = { status: 404, body: "404 page not found" };
  const older = await scriptedServer([notThere, notThere]);
  const client = clientOf({ ...older, clientId: "id", clientSecret: "secret" });
  expect(await keepsSyncStates(client)).toBe(false);
  expect(await readSyncState(client, unknownId)).toBeUndefined();
});

test("Airbyte Cloud has no such calls, and is not asked for them", async () => {
  const client = new Client({ root: "https://api.airbyte.com/v1" });
  expect(await keepsSyncStates(client)).toBe(false);
});
