import { beforeEach, describe, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import { HalfCreatedError } from "../../../providers/airbyte/lifecycle/handler.ts";
import { readDuration } from "../../../settings/values.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const connections = new ConnectionHandler();
const API = "/api/public/v1";

let airbyte: Airbyte;
let declare: (over?: Partial<ConnectionInputs>) => ConnectionInputs;

beforeEach(async () => {
  airbyte = await startAirbyte();
  const { id: sourceId } = await new ActorHandler("source").create(airbyte.source(), airbyte.context);
  const { id: destinationId } = await new ActorHandler("destination").create(airbyte.destination(), airbyte.context);
  declare = (over) => airbyte.connection(sourceId, destinationId, { streams: [{ name: "users" }], ...over });
});

const jobsOf = async (id: string) => {
  const { data } = (await airbyte.byHand("GET", `${API}/jobs?connectionId=${id}`)) as unknown as {
    data: { jobId: number; status: string }[];
  };
  return data;
};
const startSync = (connectionId: string) => airbyte.byHand("POST", `${API}/jobs`, { connectionId, jobType: "sync" });

async function failure(run: Promise<unknown>): Promise<HalfCreatedError> {
  const error = await run.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HalfCreatedError);
  return error as HalfCreatedError;
}

describe("the first sync", () => {
  const sync = { onCreate: true };

  test("is started right after the creation and waited for, with rows and bytes in the lines", async () => {
    const { id } = await connections.create(declare({ sync }), airbyte.context);
    expect(await jobsOf(id)).toMatchObject([{ status: "succeeded" }]);
    expect(airbyte.lines.at(-1)).toMatch(/^connection "users-to-warehouse": first sync: succeeded, 10 rows, .* \d+ s$/);
  });

  test("that isn't waited for goes on in Airbyte", async () => {
    await airbyte.fault({ jobMs: 60_000 });
    const { id } = await connections.create(declare({ sync: { onCreate: true, wait: false } }), airbyte.context);
    expect(await jobsOf(id)).toMatchObject([{ status: expect.stringMatching(/pending|running/) as string }]);
    expect(airbyte.lines.at(-1)).toMatch(/first sync: job \d+ goes on in Airbyte/);
  });

  test("that fails keeps the connection, with the job's own reason; the next run syncs once more", async () => {
    await airbyte.fault({ jobError: "relation users is locked" });
    const inputs = declare({ sync });
    const error = await failure(connections.create(inputs, airbyte.context));
    expect(error.message).toMatch(/first sync failed \(job \d+\): relation users is locked/);
    expect(error.properties).toEqual(inputs);
    await airbyte.byHand("DELETE", "/faults");
    await connections.update(error.id, inputs, inputs, airbyte.context);
    expect((await jobsOf(error.id)).map(({ status }) => status)).toEqual(["succeeded", "failed"]);
  });

  test("that failed is made up for by a change that mends the connection", async () => {
    await airbyte.fault({ jobError: "relation users is locked" });
    const inputs = declare({ sync });
    const { id } = await failure(connections.create(inputs, airbyte.context));
    await airbyte.byHand("DELETE", "/faults");
    await connections.update(id, inputs, declare({ sync, prefix: "raw_" }), airbyte.context);
    expect((await jobsOf(id)).map(({ status }) => status)).toEqual(["succeeded", "failed"]);
  });

  test("that takes too long keeps the connection, and the next run waits for the same job", async () => {
    await airbyte.fault({ jobMs: 3_000 });
    const inputs = declare({ sync: { onCreate: true, timeout: "0s" } });
    const error = await failure(connections.create(inputs, airbyte.context));
    expect(error.message).toMatch(/has not ended within 0s; job \d+ goes on in Airbyte/);
    await connections.update(error.id, inputs, declare({ sync }), airbyte.context);
    expect(await jobsOf(error.id)).toMatchObject([{ status: "succeeded" }]);
  });

  test("is no difference later on, and one that has succeeded is not repeated", async () => {
    const { id, outs } = await connections.create(declare({ sync }), airbyte.context);
    expect(connections.diff(outs, declare()).changes).toBe(false);
    await connections.update(id, outs, outs, airbyte.context);
    expect(await jobsOf(id)).toHaveLength(1);
  });

  test.each([
    [{ sync: { onCreate: true, timeout: "soon" } }, /^sync\.timeout: expected a time such as/],
    [{ sync: { onCreate: true }, status: "inactive" }, /^sync\.onCreate: a paused connection can't sync/],
    [{ sync: true }, /^sync: expected/],
  ])("%j is a mistake", (over, expected) => {
    expect(connections.check({ ...declare(), ...over }).join("\n")).toMatch(expected);
  });

  test("times are read as Pulumi writes them", () => {
    expect(["90s", "30m", "1h30m", "30", "1d"].map(readDuration)).toEqual([
      90_000,
      1_800_000,
      5_400_000,
      undefined,
      undefined,
    ]);
  });
});

describe("an edit while a job runs", () => {
  async function running(over: Partial<ConnectionInputs>) {
    const before = declare(over);
    const { id } = await connections.create(before, airbyte.context);
    await airbyte.fault({ jobMs: 1_500 });
    await startSync(id);
    return { id, before, after: declare({ ...over, prefix: "raw_" }) };
  }

  test("is told beforehand, and waits for the end of the job", async () => {
    const { id, before, after } = await running({});
    const told = await connections.beforeUpdate(id, before, after, airbyte.context);
    expect(told).toMatch(/^job \d+ is (pending|running): the change waits for its end \(onRunningSync: wait\)$/);
    await connections.update(id, before, after, airbyte.context);
    expect(await jobsOf(id)).toMatchObject([{ status: "succeeded" }]);
    expect(airbyte.lines.join("\n")).toMatch(/job \d+ must end before the connection is changed: succeeded/);
    expect(await airbyte.byHand("GET", `${API}/connections/${id}`)).toMatchObject({ prefix: "raw_" });
  });

  test("cancels it where that is declared", async () => {
    const { id, before, after } = await running({ onRunningSync: "cancel" });
    expect(await connections.beforeUpdate(id, before, after, airbyte.context)).toMatch(/the change cancels it/);
    await connections.update(id, before, after, airbyte.context);
    expect(await jobsOf(id)).toMatchObject([{ status: "cancelled" }]);
    expect(await airbyte.byHand("GET", `${API}/connections/${id}`)).toMatchObject({ prefix: "raw_" });
  });

  test("is refused where that is declared, and so is a deletion: nothing changes", async () => {
    const { id, before, after } = await running({ onRunningSync: "refuse" });
    await expect(connections.update(id, before, after, airbyte.context)).rejects.toThrow(/is not changed .*refuse/);
    await expect(connections.delete(id, before, airbyte.context)).rejects.toThrow(/is not deleted/);
    expect(await airbyte.byHand("GET", `${API}/connections/${id}`)).toMatchObject({ prefix: "", status: "active" });
  });

  test("of what jobs don't work with is made at once, and not told", async () => {
    const { id, before } = await running({});
    const renamed = declare({ name: "other", status: "inactive" });
    expect(await connections.beforeUpdate(id, before, renamed, airbyte.context)).toBeUndefined();
    await connections.update(id, before, renamed, airbyte.context);
    expect(await jobsOf(id)).toMatchObject([{ status: expect.stringMatching(/pending|running/) as string }]);
  });

  test("a changed way with running syncs is kept in the state, and written nowhere", async () => {
    const { id, outs } = await connections.create(declare(), airbyte.context);
    const after = declare({ onRunningSync: "refuse" });
    expect(connections.diff(outs, after)).toMatchObject({ changes: true, replaces: [] });
    expect(await connections.update(id, outs, after, airbyte.context)).toEqual(after);
  });
});

describe("a schedule in a time zone", () => {
  const schedule = { scheduleType: "cron", cronExpression: "0 0 6 * * ?", timeZone: "Europe/Berlin" };
  const onServer = async (id: string) => (await airbyte.byHand("GET", `${API}/connections/${id}`)).schedule;

  test("is made, read without a difference, changed, and taken out again", async () => {
    const inputs = declare({ schedule });
    const { id } = await connections.create(inputs, airbyte.context);
    expect(await onServer(id)).toEqual({ scheduleType: "cron", cronExpression: "0 0 6 * * ? Europe/Berlin" });
    expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
    expect(airbyte.lines).toEqual([]);

    const moved = declare({ schedule: { ...schedule, timeZone: "Asia/Tokyo" } });
    expect(connections.diff(inputs, moved).changes).toBe(true);
    await connections.update(id, inputs, moved, airbyte.context);
    expect(await onServer(id)).toMatchObject({ cronExpression: "0 0 6 * * ? Asia/Tokyo" });

    const utc = declare({ schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ?" } });
    await connections.update(id, moved, utc, airbyte.context);
    expect(await onServer(id)).toMatchObject({ cronExpression: "0 0 6 * * ? UTC" });
  });

  test("that was changed by hand reads as a difference", async () => {
    const inputs = declare({ schedule });
    const { id } = await connections.create(inputs, airbyte.context);
    const cron = { scheduleType: "cron", cronExpression: "0 0 6 * * ?" };
    await airbyte.byHand("PATCH", `${API}/connections/${id}`, { schedule: cron });
    const read = await connections.read(id, inputs, airbyte.context);
    expect(read?.schedule).toEqual(cron);
    expect(connections.diff(read!, inputs).changes).toBe(true);
  });

  test("is a mistake where the API runs all in UTC", async () => {
    const context = {
      ...airbyte.context,
      api: Object.create(airbyte.api, { hasConfigApi: { value: false } }) as never,
    };
    const { mistakes } = await examineWhole(connections, declare({ schedule }), context, declare({ schedule }));
    expect(mistakes).toEqual([expect.stringMatching(/^schedule\.timeZone: .*in UTC/)]);
  });

  test.each([
    [{ timeZone: "Berlin" }, /^schedule\.timeZone: expected the name of a time zone/],
    [{ cronExpression: "0 6 * * *" }, /^schedule\.cronExpression: .*Unix cron/],
  ])("%j is a mistake", (over, expected) => {
    expect(connections.check({ ...declare({ schedule: { ...schedule, ...over } }) }).join("\n")).toMatch(expected);
  });
});

test("dataResidency is accepted, and explained where nothing comes of it", async () => {
  const inputs = declare({ dataResidency: "eu" });
  expect(await examineWhole(connections, inputs, airbyte.context)).toMatchObject({
    notes: ["has a dataResidency, which a self-managed Airbyte takes and ignores: data stay where it runs"],
  });
  const { id } = await connections.create(inputs, airbyte.context);
  expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
});
