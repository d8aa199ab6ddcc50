import { expect, test } from "vitest";
import type { JsonObject } from "../../../providers/airbyte/api/types.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { FAKER, startAirbyte } from "../lifecycle/airbyte.ts";

const API = "/api/public/v1";
const sources = new ActorHandler("source");
const jobSpecific = [{ jobType: "sync", resourceRequirements: { memory_limit: "2Gi" } }];

test("a resourceAllocation for one kind of job alone is sent with an empty default, without which Airbyte can't list the workspace any more, and reads without a difference", async () => {
  const { context, source, byHand, workspaceId, lines } = await startAirbyte();
  for (const resourceAllocation of [{ jobSpecific }, { default: { cpu_limit: "1" } }, {}] as JsonObject[]) {
    const declared = source({ declaredAs: `dev/${JSON.stringify(resourceAllocation)}`, resourceAllocation });
    const { id } = await sources.create(declared, context);
    expect((await byHand("GET", `${API}/sources/${id}`)).resourceAllocation).toMatchObject({
      default: {},
      ...resourceAllocation,
    });
    expect(await sources.read(id, declared, context)).toEqual(declared);
    const renamed = { ...declared, name: "renamed" };
    await sources.update(id, declared, renamed, context);
    expect(await sources.read(id, renamed, context)).toEqual(renamed);
  }
  expect((await byHand("GET", `${API}/sources?workspaceIds=${workspaceId}`)).data).toHaveLength(3);
  expect(lines).toEqual([]);
});

test("one that somebody else sent without a default ruins the public list, and the older API's goes on, with the source named", async () => {
  const { context, source, byHand, workspaceId, api, told } = await startAirbyte();
  const { id } = await sources.create(source(), context);
  const ruin = {
    name: "big",
    workspaceId,
    definitionId: FAKER,
    configuration: {},
    resourceAllocation: { jobSpecific },
  };
  await expect(byHand("POST", `${API}/sources`, ruin)).rejects.toThrow("500");
  await expect(byHand("GET", `${API}/sources?workspaceIds=${workspaceId}`)).rejects.toThrow("500");
  const listed = await api.listActors("source", workspaceId);
  expect(listed.map(({ name }) => name).sort()).toEqual(["big", "users"]);
  const big = listed.find(({ name }) => name === "big");
  const warning = expect.stringContaining(
    `source "big" (${big?.id}) has a resourceAllocation without default`,
  ) as string;
  expect(told).toEqual(process.env.AIRBYTE_API === "config" ? [] : [warning]);
  await byHand("DELETE", `${API}/sources/${big?.id}`);
  expect((await byHand("GET", `${API}/sources?workspaceIds=${workspaceId}`)).data).toMatchObject([{ sourceId: id }]);
});
