// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-assignment */
import { request } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { createPipeline, send, start, unknownId } from "../../start.ts";
import { ask, exchange, openSession, pageLink } from "./session.ts";

afterEach(() => void vi.useRealTimers());

const minutes = (count: number) => count * 60_000;

/** Later, as the server sees it. */
function letPass(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
}

test("a browser gets the page at the server's address, everybody else what the server is", async () => {
  const { url } = await start();
  const page = await fetch(url, { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(await page.text()).toContain("npm run open");
  const other = await fetch(url, { headers: { accept: "*/*" } });
  expect(await other.json()).toMatchObject({ name: "Embedded Airbyte" });
});

test("the page and its files allow nothing from elsewhere, no frame and no cache", async () => {
  const { url } = await start();
  for (const [path, type] of [
    ["", "text/html; charset=utf-8"],
    ["page/page.js", "text/javascript; charset=utf-8"],
    ["page/page.css", "text/css; charset=utf-8"],
    ["page/icon.svg", "image/svg+xml"],
  ]) {
    const { status, headers } = await fetch(`${url}/${path ?? ""}`, { headers: { accept: "text/html" } });
    expect(status).toBe(200);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": type,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
    });
  }
});

test("no other file is served", async () => {
  const { url } = await start();
  for (const path of ["tsconfig.json", "nothing.js", "..%2fapp.ts", "..%2f..%2fpackage.json"]) {
    const { status } = await fetch(`${url}/page/${path}`);
    expect([401, 404], path).toContain(status);
  }
});

test("a link is given to clients with a token only", async () => {
  const { url, token } = await start();
  expect((await send("POST", `${url}/api/embedded/page-links`, null)).status).toBe(401);
  const { status, body } = await send("POST", `${url}/api/embedded/page-links`, token);
  expect(status).toBe(200);
  expect(body).toEqual({ url: expect.stringMatching(/\/#open=[\w-]{43}$/) as string, expiresInSeconds: 300 });
});

test("a link opens one session, whose cookie no script can read and no other site sends", async () => {
  const server = await start();
  const link = await pageLink(server);
  const first = await exchange(server, link);
  expect(first.status).toBe(200);
  const [cookie = "", ...others] = first.headers.getSetCookie();
  expect(others).toEqual([]);
  expect(cookie).toMatch(
    new RegExp(`^embedded-airbyte-${server.port}=[\\w-]{43}; Path=/page; HttpOnly; SameSite=Strict$`),
  );
  expect(Object.keys((await first.json()) as object)).toEqual(["key"]);

  const second = await exchange(server, link);
  expect(second.status).toBe(401);
  expect(second.headers.getSetCookie()).toEqual([]);
  expect(await second.json()).toMatchObject({ data: { message: expect.stringContaining("npm run open") as string } });
  expect((await exchange(server, `${server.url}/#open=${"A".repeat(43)}`)).status).toBe(401);
});

test("a link is good for five minutes", async () => {
  const server = await start();
  const [inTime, late] = [await pageLink(server), await pageLink(server)];
  letPass(minutes(4.9));
  expect((await exchange(server, inTime)).status).toBe(200);
  letPass(minutes(0.2));
  expect((await exchange(server, late)).status).toBe(401);
});

test("a session is good for twelve hours", async () => {
  const server = await start();
  const session = await openSession(server);
  letPass(minutes(719));
  expect((await ask(server, session, "overview")).status).toBe(200);
  letPass(minutes(2));
  expect((await ask(server, session, "overview")).status).toBe(401);
});

test.each([
  ["GET", "overview"],
  ["GET", `sources/${unknownId}`],
  ["GET", `destinations/${unknownId}`],
  ["GET", `connections/${unknownId}`],
  ["POST", `connections/${unknownId}/sync`],
  ["GET", "jobs/1"],
  ["GET", "rows"],
  ["GET", `rows/${unknownId}`],
])("%s %s wants both halves of one session", async (method, path) => {
  const server = await start();
  const [one, other] = [await openSession(server), await openSession(server)];
  const { cookie, key } = one;
  for (const half of [{}, { cookie }, { key }, { cookie, key: other.key }, { cookie: `${cookie}x`, key }]) {
    expect((await ask(server, half, path, { method })).status).toBe(401);
  }
  expect([200, 404]).toContain((await ask(server, one, path, { method })).status);
  // The APIs' token is no session, and a session no token.
  expect((await send(method, `${server.url}/page/${path}`, server.token)).status).not.toBe(200);
  expect((await fetch(`${server.api}/sources`, { headers: { cookie, "x-page-key": key } })).status).toBe(401);
});

test("a session of one server is none at another", async () => {
  const [one, other] = [await start(), await start()];
  const { cookie, key } = await openSession(one);
  const renamed = cookie.replace(String(one.port), String(other.port));
  expect((await ask(other, { cookie: renamed, key }, "overview")).status).toBe(401);
});

test("writes are taken from the server's own page only, whoever else listens on this machine", async () => {
  const server = await start();
  const { connectionId } = await createPipeline(server);
  const session = await openSession(server);
  const path = `connections/${connectionId}/sync`;
  for (const origin of [
    null,
    "null",
    "http://127.0.0.1:1",
    `http://localhost:${server.port}`,
    "http://attacker.example",
  ]) {
    expect((await ask(server, session, path, { method: "POST", origin })).status, String(origin)).toBe(403);
    expect((await exchange(server, await pageLink(server), origin)).status, String(origin)).toBe(403);
  }
  expect((await server.call("GET", "/jobs")).body).toMatchObject({ data: [] });
  expect((await ask(server, session, path, { method: "POST" })).status).toBe(200);
});

test("under a name that somebody points at this machine there is no page", async () => {
  const server = await start();
  const { cookie, key } = await openSession(server);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: "attacker.example", cookie, "x-page-key": key };
    const call = request({ host: "127.0.0.1", port: server.port, path: "/page/overview", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on("error", reject).end();
  });
  expect(status).toBe(403);
});
