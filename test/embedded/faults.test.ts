// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test, vi } from "vitest";
import { createDestination, createPipeline, createSource, getToken, jobEnd, send, start } from "./start.ts";

async function startFaulty() {
  const server = await start({ faults: true });
  const faults = (body: object) => send("POST", `${server.url}/faults`, server.token, body);
  const counts = async () => (await send("GET", `${server.url}/faults`, server.token)).body as { calls: object };
  return { ...server, faults, counts };
}

test("faults are off unless switched on, and need a token", async () => {
  const plain = await start();
  expect((await send("POST", `${plain.url}/faults`, plain.token, {})).status).toBe(404);
  const server = await startFaulty();
  expect((await send("POST", `${server.url}/faults`, null, {})).status).toBe(401);
  expect((await server.faults({ next: { status: 200 } })).status).toBe(400);
});

test("the next calls answer a status, perhaps with Retry-After, and only where method and path match", async () => {
  const { faults, call } = await startFaulty();
  await faults({ next: { count: 2, method: "GET", path: "/sources", status: 429, retryAfter: 3 } });
  expect((await call("GET", "/destinations")).status).toBe(200);
  const limited = await call("GET", "/sources");
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "3"]);
  expect(limited.body).toEqual({ message: "You are being rate limited." });
  expect((await call("GET", "/sources")).status).toBe(429);
  expect((await call("GET", "/sources")).status).toBe(200);
});

test("a connection dropped before the write leaves nothing, dropped after it leaves the object", async () => {
  const server = await startFaulty();
  const count = async () => ((await server.call("GET", "/sources")).body.data as unknown[]).length;
  await server.faults({ next: { method: "POST", drop: "before" } });
  await expect(createSource(server)).rejects.toThrow();
  expect(await count()).toBe(0);
  await server.faults({ next: { method: "POST", drop: "after" } });
  await expect(createSource(server)).rejects.toThrow();
  expect(await count()).toBe(1);
});

test("an answer can be cut in the middle, or be a web page", async () => {
  const server = await startFaulty();
  await server.faults({ next: [{ truncate: true }, { html: true, status: 502 }] });
  await expect(server.call("GET", "/workspaces")).rejects.toThrow();
  const page = await server.call("GET", "/workspaces");
  expect([page.status, page.headers.get("content-type")]).toEqual([502, "text/html"]);
  expect((await server.call("GET", "/workspaces")).status).toBe(200);
});

test("a status can come after the work is done, and what has not struck yet is told", async () => {
  const server = await startFaulty();
  const left = async () => ((await server.counts()) as unknown as { left: unknown[] }).left;
  await server.faults({ next: { count: 2, method: "POST", path: "/sources$", status: 504, late: true } });
  expect(await createSource(server)).toHaveProperty("errorId");
  expect((await server.call("GET", "/sources")).body.data).toHaveLength(1);
  expect(await left()).toMatchObject([{ count: 1, status: 504 }]);
  expect(await createSource(server)).toHaveProperty("errorId");
  expect(await left()).toEqual([]);
});

test("calls can be slow, and so can discovery", async () => {
  const server = await startFaulty();
  const time = async (work: () => Promise<unknown>) => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };
  await server.faults({ latencyMs: 60 });
  expect(await time(() => server.call("GET", "/workspaces"))).toBeGreaterThan(50);
  await server.faults({ latencyMs: 0, slowDiscoveryMs: 60 });
  const { sourceId } = await createSource(server);
  const { destinationId } = await createDestination(server);
  expect(await time(() => server.call("GET", `/streams?sourceId=${sourceId}`))).toBeGreaterThan(50);
  expect((await server.call("POST", "/connections", { sourceId, destinationId })).status).toBe(200);
});

test("one call can be slow, before its work or after it, which is done although nobody waits for it any more", async () => {
  const server = await startFaulty();
  const names = async () =>
    ((await server.call("GET", "/sources")).body.data as { name: string }[]).map(({ name }) => name);
  const impatient = (name: string) => {
    const configuration = { sourceType: "faker", count: 1 };
    return fetch(`${server.api}/sources`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name, workspaceId: server.workspaceId, configuration }),
      signal: AbortSignal.timeout(100),
    });
  };
  await server.faults({ next: { method: "POST", path: "/sources$", delayMs: 700 } });
  await expect(impatient("worked on late")).rejects.toThrow(/timeout/);
  expect(await names()).toEqual([]);
  await vi.waitFor(async () => expect(await names()).toEqual(["worked on late"]), 5_000);
  await server.faults({ next: { method: "POST", path: "/sources$", delayMs: 700, late: true } });
  await expect(impatient("answered late")).rejects.toThrow(/timeout/);
  expect(await names()).toEqual(["worked on late", "answered late"]);
});

test("discovery can fail, with the connector's log in a 500, and jobs with a reason", async () => {
  const server = await startFaulty();
  await server.faults({ discoverError: "password authentication failed" });
  const { sourceId } = await createSource(server);
  const { status, body } = await server.call("GET", `/streams?sourceId=${sourceId}`);
  expect([status, body.title]).toEqual([500, "unexpected-problem"]);
  expect(body.data.message).toBe("Something went wrong in the connector. logs:password authentication failed");
  await send("DELETE", `${server.url}/faults`, server.token);

  await server.faults({ jobError: "out of disk" });
  const { connectionId } = await createPipeline(server);
  const job = await server.call("POST", "/jobs", { connectionId, jobType: "sync" });
  expect((await jobEnd(server, job.body.jobId as number)).status).toBe("failed");
});

test("all tokens can be expired at once; new ones are good", async () => {
  const server = await startFaulty();
  await server.faults({ expireTokens: true });
  expect((await server.call("GET", "/workspaces")).status).toBe(401);
  const { access_token } = await getToken(server);
  expect((await send("GET", `${server.api}/workspaces`, access_token)).status).toBe(200);
});

test("calls are counted by method and route, tokens as well, until cleared", async () => {
  const server = await startFaulty();
  const { sourceId } = await createSource(server);
  await server.call("GET", `/sources/${sourceId}`);
  await server.call("GET", `/sources/${sourceId}`);
  expect(await server.counts()).toMatchObject({
    tokensIssued: 1,
    calls: { "POST /applications/token": 1, "POST /sources": 1, "GET /sources/:sourceId": 2 },
  });
  await server.faults({ next: { status: 500 } });
  await send("DELETE", `${server.url}/faults`, server.token);
  expect((await server.counts()).calls).toEqual({});
  expect((await server.call("GET", "/workspaces")).status).toBe(200);
});
