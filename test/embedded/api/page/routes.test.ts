// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPipeline, createSource, jobEnd, mask, postgresConfiguration, start, type Running } from "../../start.ts";
import { ask, openSession } from "./session.ts";

/** A server with a pipeline, and what its page is told. */
async function opened(settings: object = {}, options: Parameters<typeof start>[0] = {}) {
  const server = await start(options);
  const ids = await createPipeline(server, settings);
  const session = await openSession(server);
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const get = async (path: string): Promise<any> => (await ask(server, session, path)).json();
  const sync = () => ask(server, session, `connections/${ids.connectionId}/sync`, { method: "POST" });
  return { server, session, ...ids, get, sync };
}

async function syncOnce(server: Running, connectionId: string): Promise<number> {
  const { body } = await server.call("POST", "/jobs", { connectionId, jobType: "sync" });
  await jobEnd(server, body.jobId as number);
  return body.jobId as number;
}

test("the overview has the pipelines and the newest jobs, and says which connectors are played", async () => {
  const { server, sourceId, destinationId, connectionId, get } = await opened({ name: "Nightly" });
  const jobId = await syncOnce(server, connectionId);
  const { sources, destinations, connections, jobs, ...rest } = await get("overview");
  expect(rest).toMatchObject({ workspaces: 1, version: expect.any(String) });
  expect(sources).toMatchObject([{ id: sourceId, name: "Sample", connector: "Sample Data" }]);
  expect(sources[0].simulatedBecause).toContain("set to simulated connectors");
  expect(destinations).toMatchObject([{ id: destinationId, name: "Warehouse", connector: "Postgres" }]);
  const ended = { id: jobId, connection: "Nightly", status: "succeeded", attempts: 1, endedAt: expect.any(Number) };
  expect(connections).toMatchObject([
    { id: connectionId, sourceId, destinationId, schedule: "synced by hand", streams: 3, lastJob: ended },
  ]);
  expect(jobs).toMatchObject([ended]);
  expect(jobs[0].rows).toBeGreaterThan(0);
});

test("what is deleted is in no overview", async () => {
  const { server, sourceId, get } = await opened();
  await server.call("DELETE", `/sources/${sourceId}`);
  expect(await get("overview")).toMatchObject({ sources: [], connections: [], destinations: [{ name: "Warehouse" }] });
});

test("an overview that has been seen is not sent again", async () => {
  const { server, session } = await opened();
  const first = await ask(server, session, "overview");
  const seen = `overview?seen=${first.headers.get("etag") ?? ""}`;
  expect((await ask(server, session, seen)).status).toBe(204);
  await createSource(server);
  expect((await ask(server, session, seen)).status).toBe(200);
});

test("settings are told line by line, secrets masked", async () => {
  const { destinationId, get } = await opened();
  const { settings } = await get(`destinations/${destinationId}`);
  expect(settings).toContainEqual({ path: ["host"], value: "db.example.com", secret: false });
  expect(settings).toContainEqual({ path: ["port"], value: "5432", secret: false });
  expect(settings).toContainEqual({ path: ["password"], value: mask, secret: true });
  expect(JSON.stringify(settings)).not.toContain(postgresConfiguration.password);
});

test("where a connector's specification is not known, every value is hidden: any may be a secret", async () => {
  const { server, get } = await opened();
  const source = await createSource(server, {
    sourceType: "hubspot",
    start_date: "2020",
    nested: [{ pass: "s3cret" }],
  });
  const { settings } = await get(`sources/${source.sourceId}`);
  expect(settings).toEqual([
    { path: ["start_date"], value: mask, secret: true },
    { path: ["nested", "1", "pass"], value: mask, secret: true },
  ]);
});

test("a connection tells its settings and streams", async () => {
  const { connectionId, get } = await opened({
    prefix: "raw_",
    schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ?" },
    configurations: { streams: [{ name: "users", syncMode: "incremental_deduped_history" }] },
  });
  const { settings, streams } = await get(`connections/${connectionId}`);
  const lines = Object.fromEntries(
    settings.map(({ path: [name], value }: { path: string[]; value: string }) => [name, value]),
  );
  expect(lines).toMatchObject({ status: "active", schedule: "cron 0 0 6 * * ? (UTC)", prefix: "raw_" });
  expect(lines["next sync"]).toMatch(/T06:00:00\.000Z$/);
  expect(streams).toMatchObject([
    { name: "users", syncMode: "incremental deduped history", cursor: "updated_at", key: "id" },
  ]);
});

test("a sync that the page starts is on disk before the answer; a second one is refused with the reason", async () => {
  const { server, connectionId, sync } = await opened({}, { jobMs: 600_000 });
  const answer = await sync();
  expect(answer.status).toBe(200);
  const job = (await answer.json()) as { id: number };
  expect(job).toMatchObject({ connectionId, status: "pending" });
  expect(readFileSync(join(server.dataDir, "data.json"), "utf8")).toContain(
    `"id":${job.id},"connectionId":"${connectionId}"`,
  );
  const second = await sync();
  expect(second.status).toBe(409);
  expect(await second.json()).toMatchObject({ data: { message: expect.stringContaining("already running") } });
});

test("a job tells its streams, and its log from where the page has it", async () => {
  const { server, connectionId, get } = await opened();
  const jobId = await syncOnce(server, connectionId);
  // The last line comes a moment after the end.
  const lastLine = async () => String((await get(`jobs/${jobId}`)).log.lines.at(-1));
  await expect.poll(lastLine, { timeout: 10_000 }).toContain(`Job ${jobId} succeeded`);
  const { job, attempts, log } = await get(`jobs/${jobId}`);
  expect(job).toMatchObject({ id: jobId, status: "succeeded" });
  expect(attempts).toMatchObject([{ id: 0, status: "succeeded", failure: null }]);
  expect(attempts[0].streams.map(({ name }: { name: string }) => name)).toContain("users");
  expect(log).toMatchObject({ next: log.lines.length, leftOut: 0 });
  const { log: rest } = await get(`jobs/${jobId}?after=${log.next - 1}`);
  expect(rest).toEqual({ lines: log.lines.slice(-1), next: log.next, leftOut: 0 });
});

test("why a job has failed is told", async () => {
  const server = await start({ faults: true, retries: { attempts: 1, backoffMs: 1 } });
  const { connectionId } = await createPipeline(server);
  await fetch(`${server.url}/faults`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ jobError: "The disk of the warehouse is full" }),
  });
  await syncOnce(server, connectionId);
  const answer = await ask(server, await openSession(server), "overview");
  expect((await answer.json()) as object).toMatchObject({
    jobs: [{ status: "failed", failure: "The disk of the warehouse is full" }],
  });
});
