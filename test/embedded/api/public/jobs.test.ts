// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test } from "vitest";
import { createDestination, createPipeline, createSource, jobEnd, start } from "../../start.ts";

async function startJob(server: Awaited<ReturnType<typeof start>>, connectionId: string, jobType = "sync") {
  return server.call("POST", "/jobs", { connectionId, jobType });
}

test("a sync is answered at once as pending, runs, and succeeds with its rows and bytes", async () => {
  const server = await start({ jobMs: 100 });
  const { sourceId } = await createSource(server, { sourceType: "faker", count: 5 });
  const { destinationId } = await createDestination(server);
  const { connectionId } = (await server.call("POST", "/connections", { sourceId, destinationId })).body as {
    connectionId: string;
  };
  const { status, body } = await startJob(server, connectionId);
  expect(status).toBe(200);
  // Neither null nor unknown fields before their time: they break clients.
  expect(body).toEqual({
    jobId: expect.any(Number) as number,
    status: "pending",
    jobType: "sync",
    startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    connectionId,
  });
  const seen = new Set<string>();
  for (let job = body; ; job = (await server.call("GET", `/jobs/${body.jobId as number}`)).body) {
    seen.add(job.status as string);
    expect(Object.values(job as object)).not.toContain(null);
    if (job.status === "succeeded") {
      expect(job).toMatchObject({ rowsSynced: 15, duration: expect.stringMatching(/^PT\d+S$/) as string });
      expect(job.bytesSynced).toBeGreaterThan(15);
      expect(job.lastUpdatedAt).toMatch(/Z$/);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect([...seen]).toEqual(["pending", "running", "succeeded"]);
});

test("a second job of a connection is refused with 409 try-again-later while one runs", async () => {
  const server = await start({ jobMs: 60_000 });
  const { connectionId } = await createPipeline(server);
  await startJob(server, connectionId);
  const { status, body } = await startJob(server, connectionId);
  expect([status, body.title]).toEqual([409, "try-again-later"]);
});

test("a job of an inactive connection is refused with 409", async () => {
  const server = await start();
  const { connectionId } = await createPipeline(server, { status: "inactive" });
  expect((await startJob(server, connectionId)).status).toBe(409);
});

test("cancelling answers 200 with the job; an ended job can't be cancelled", async () => {
  const server = await start({ jobMs: 60_000 });
  const { connectionId } = await createPipeline(server);
  const { jobId } = (await startJob(server, connectionId)).body as { jobId: number };
  const cancelled = await server.call("DELETE", `/jobs/${jobId}`);
  expect(cancelled).toMatchObject({ status: 200, body: { jobId, status: "cancelled", connectionId } });
  expect((await server.call("DELETE", `/jobs/${jobId}`)).status).toBe(409);
  expect((await startJob(server, connectionId)).status).toBe(200);
});

test("reset and clear move no rows; refresh is not supported, anything else invalid", async () => {
  const server = await start();
  const { connectionId } = await createPipeline(server);
  for (const jobType of ["reset", "clear"]) {
    const { body } = await startJob(server, connectionId, jobType);
    expect(await jobEnd(server, body.jobId as number)).toMatchObject({ status: "succeeded", jobType, rowsSynced: 0 });
  }
  expect((await startJob(server, connectionId, "refresh")).status).toBe(422);
  expect((await startJob(server, connectionId, "dance")).status).toBe(400);
});

test("a job under way when the server ended has failed after the restart", async () => {
  const first = await start({ jobMs: 60_000 });
  const { connectionId } = await createPipeline(first);
  const { jobId } = (await startJob(first, connectionId)).body as { jobId: number };
  await first.close();
  const second = await start({ dataDir: first.dataDir });
  expect((await second.call("GET", `/jobs/${jobId}`)).body.status).toBe("failed");
  expect((await startJob(second, connectionId)).body.jobId).toBe(jobId + 1);
});

test("deleting the connection cancels its job", async () => {
  const server = await start({ jobMs: 60_000 });
  const { connectionId } = await createPipeline(server);
  const { jobId } = (await startJob(server, connectionId)).body as { jobId: number };
  await server.call("DELETE", `/connections/${connectionId}`);
  expect((await server.call("GET", `/jobs/${jobId}`)).body.status).toBe("cancelled");
});

test("the list is newest first and filters by connection, type, status and time", async () => {
  const server = await start();
  const one = await createPipeline(server);
  const other = await createPipeline(server);
  const ids: number[] = [];
  for (const [connectionId, type] of [
    [one.connectionId, "sync"],
    [other.connectionId, "sync"],
    [one.connectionId, "clear"],
  ] as const) {
    const { jobId } = (await startJob(server, connectionId, type)).body as { jobId: number };
    await jobEnd(server, jobId);
    ids.push(jobId);
  }
  const list = async (query: string) => {
    const { body } = await server.call("GET", `/jobs?${query}`);
    return (body.data as { jobId: number }[]).map(({ jobId }) => jobId);
  };
  const [a, b, c] = ids;
  expect(await list("limit=1&orderBy=createdAt%7CDESC")).toEqual([c]);
  expect(await list("")).toEqual([c, b, a]);
  expect(await list("orderBy=createdAt%7CASC")).toEqual([a, b, c]);
  expect(await list(`connectionId=${one.connectionId}&workspaceIds=${server.workspaceId}`)).toEqual([c, a]);
  expect(await list("jobType=clear")).toEqual([c]);
  expect(await list("status=failed")).toEqual([]);
  expect(await list("createdAtStart=2020-01-01T00:00:00Z")).toHaveLength(3);
  expect(await list("createdAtStart=2999-01-01T00:00:00Z")).toEqual([]);
});
