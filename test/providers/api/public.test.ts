import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { PublicApi } from "../../../providers/airbyte/api/public.ts";
import { scriptedServer, type Step } from "./scripted-server.ts";

async function apiFor(steps: Step[]) {
  const server = await scriptedServer(steps);
  const client = new Client({ root: server.url });
  onTestFinished(() => client.close());
  return { ...server, api: new PublicApi(client) };
}

const source = (sourceId: string) => ({
  sourceId,
  name: sourceId,
  workspaceId: "w",
  definitionId: "d",
  configuration: {},
});
const sources = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => source(`s-${from + index}`));

test("lists are read page by page by own offset, whatever address `next` names, and an object that comes twice counts once", async () => {
  const next = "https://unreachable.example/v1/sources?offset=100";
  const { api, calls } = await apiFor([
    { body: { data: sources(0, 100), next } },
    { body: { data: sources(99, 3), next } },
  ]);
  expect(await api.listActors("source", "w")).toHaveLength(102);
  expect(calls.map(({ path }) => path)).toEqual([
    "/sources?workspaceIds=w&limit=100&offset=0",
    "/sources?workspaceIds=w&limit=100&offset=100",
  ]);
});

test.each([200, 204, 404])("a deletion that is answered %i is done", async (status) => {
  const body = status === 404 ? { errorId: "e" } : status === 200 ? {} : "";
  const { api } = await apiFor([{ status, body }]);
  await expect(api.deleteActor("source", "s-1", "users")).resolves.toBeUndefined();
});

test("unknown fields and unknown values of enums pass", async () => {
  const connection = {
    connectionId: "c",
    name: "c",
    sourceId: "s",
    destinationId: "d",
    workspaceId: "w",
    status: "hibernating",
    brandNew: { a: 1 },
  };
  const { api } = await apiFor([{ body: connection }]);
  expect(await api.getConnection("c", "w")).toMatchObject({ status: "hibernating" });
});

test("an object that the server cannot attribute (403) is looked for in the workspace's list", async () => {
  const { api } = await apiFor([{ status: 403, body: { title: "forbidden" } }, { body: { data: [source("other")] } }]);
  expect(await api.getActor("source", "s-1", "w")).toBeUndefined();
});
