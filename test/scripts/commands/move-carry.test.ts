import { expect, test } from "vitest";
import { carryStates } from "../../../scripts/commands/move/carry-out.ts";
import { findConnections } from "../../../scripts/commands/move/connections.ts";
import type { Planned } from "../../../scripts/commands/move/plan.ts";
import { openAirbyte } from "../../../scripts/stack/airbyte.ts";
import { createPipeline, jobEnd, start } from "../../embedded/start.ts";
import { stackAt } from "./move.ts";

const STATE = { stateType: "stream", streamState: [{ streamDescriptor: { name: "users" }, streamState: { seen: 7 } }] };

/** Two Airbytes with one connection each, of which the first has a state, and what carrying it over comes to. */
async function carry(
  otherMode: string,
  before: (other: Awaited<ReturnType<typeof start>>, id: string) => Promise<void>,
) {
  const [first, other] = [await start(), await start()];
  const streams = (syncMode: string) => ({ configurations: { streams: [{ name: "users", syncMode }] } });
  const { connectionId } = await createPipeline(first, streams("incremental_append"));
  const { connectionId: otherId } = await createPipeline(other, streams(otherMode));
  await first.config("state/create_or_update_safe", { connectionId, connectionState: STATE });
  await before(other, otherId);

  const [from, to] = [stackAt(first, "dev", { flow: connectionId }), stackAt(other, "prod", { flow: otherId })];
  const found = (await findConnections(from, await openAirbyte(from.facts))).get("flow");
  const planned: Planned = { name: "flow", found, fate: "carried", why: undefined, contested: false };
  const lines: string[] = [];
  const failed = await carryStates([planned], from, to, (line) => lines.push(line));
  const state = (await other.config("state/get", { connectionId: otherId })).body as object;
  return { lines, failed, state };
}

const nothing = () => Promise.resolve();

test("a state goes to the connection of the same name", async () => {
  const { lines, failed, state } = await carry("incremental_append", nothing);
  expect([lines, failed]).toEqual([["flow: sync state carried over"], []]);
  expect(state).toMatchObject(STATE);
});

test("not into a connection that has synced, nor into other streams", async () => {
  const synced = await carry("incremental_append", async (other, connectionId) => {
    const job = (await other.call("POST", "/jobs", { connectionId, jobType: "sync" })).body as { jobId: number };
    await jobEnd(other, job.jobId);
  });
  expect([synced.lines, synced.failed]).toEqual([
    ["flow: its sync state is NOT carried over: it has synced already"],
    ["flow"],
  ]);
  const otherwise = await carry("full_refresh_append", nothing);
  expect(otherwise.lines).toEqual(["flow: its sync state is NOT carried over: its streams are set otherwise there"]);
  expect(otherwise.state).toMatchObject({ stateType: "not_set" });
});
