// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test } from "vitest";
import { createPipeline, jobEnd, start, unknownId } from "../../start.ts";

test("a sync is answered at once, and its job has an attempt with counts and a log", async () => {
  const server = await start({ jobMs: 50 });
  const { connectionId } = await createPipeline(server);
  const { status, body } = await server.config("connections/sync", { connectionId });
  expect(status).toBe(200);
  expect(body.job).toMatchObject({ configType: "sync", configId: connectionId, status: "pending" });
  expect(body.attempts).toEqual([]);
  const id = body.job.id as number;
  await jobEnd(server, id);
  const { job, attempts } = (await server.config("jobs/get", { id })).body;
  expect(job.status).toBe("succeeded");
  // Seconds.
  expect(Math.abs(job.createdAt - Date.now() / 1000)).toBeLessThan(10);
  expect(attempts).toMatchObject([{ attempt: { id: 0, status: "succeeded", recordsSynced: 2100 } }]);
  expect(attempts[0].attempt.bytesSynced).toBeGreaterThan(2100);
  expect(attempts[0].logs.logLines).toContainEqual(expect.stringContaining("2100 records"));
});

test("a second job while one runs is a 409 with the reason, and cancelling ends it", async () => {
  const server = await start({ jobMs: 60_000 });
  const { connectionId } = await createPipeline(server);
  const { body } = await server.config("connections/clear", { connectionId });
  const second = await server.config("connections/sync", { connectionId });
  expect([second.status, second.body]).toEqual([409, { message: `A sync is already running for: ${connectionId}` }]);
  const id = body.job.id as number;
  expect((await server.config("jobs/cancel", { id })).body.job).toMatchObject({ id, status: "cancelled" });
  expect((await server.config("jobs/get", { id })).body.attempts).toMatchObject([{ attempt: { status: "failed" } }]);
});

test("jobs are listed newest first, by type, connection and page", async () => {
  const server = await start();
  const { connectionId } = await createPipeline(server);
  const ids: number[] = [];
  for (const call of ["sync", "reset", "sync"]) {
    const { body } = await server.config(`connections/${call}`, { connectionId });
    ids.push(body.job.id as number);
    await jobEnd(server, body.job.id as number);
  }
  const list = async (given: object) => {
    const { body } = await server.config("jobs/list", given);
    const jobs = body.jobs as { job: { id: number } }[];
    return [body.totalJobCount as number, ...jobs.map(({ job }) => job.id)];
  };
  const [first, reset, last] = ids;
  const both = { configTypes: ["sync", "reset_connection"], configId: connectionId };
  expect(await list(both)).toEqual([3, last, reset, first]);
  expect(await list({ ...both, configTypes: ["sync"], pagination: { pageSize: 1, rowOffset: 1 } })).toEqual([2, first]);
  expect(await list({ ...both, configId: unknownId })).toEqual([0]);
});

test("a state is what was put there, is refused with 423 while a sync runs, and gone after a clear", async () => {
  const server = await start({ jobMs: 200 });
  const { connectionId } = await createPipeline(server);
  const read = async () => (await server.config("state/get", { connectionId })).body as object;
  expect(await read()).toEqual({ connectionId, stateType: "not_set" });
  const streamState = [{ streamDescriptor: { name: "users" }, streamState: { updated_at: "2026-01-01" } }];
  const connectionState = { stateType: "stream", connectionId, streamState };
  const write = () => server.config("state/create_or_update_safe", { connectionId, connectionState });
  expect((await write()).body).toEqual(connectionState);
  expect(await read()).toEqual(connectionState);
  const { body } = await server.config("connections/clear", { connectionId });
  const refused = await write();
  expect([refused.status, Object.keys(refused.body as object)]).toEqual([423, ["message"]]);
  await jobEnd(server, body.job.id as number);
  expect(await read()).toEqual({ connectionId, stateType: "not_set" });
});
