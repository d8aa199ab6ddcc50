// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEmbeddedServer } from "../../embedded/server.ts";
import { createSource, faker, send, start, temporaryFolder, unknownId } from "./start.ts";

function statusWithHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path: "/", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on("error", reject).end();
  });
}

test("the server says what it is and what it simulates to those who have a token, and its name to everybody", async () => {
  const { url, instanceId, token } = await start();
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const { status, body } = await send("GET", `${url}/`, token);
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: "Embedded Airbyte", version, instanceId, pid: process.pid });
  expect(body.simulates).toContainEqual(expect.stringContaining("Connectors are simulated"));
  for (const stranger of [null, "eyJhbGciOiJub25lIn0.e30."])
    expect(await send("GET", `${url}/`, stranger)).toMatchObject({ status: 200, body: { name: "Embedded Airbyte" } });
  expect(await (await fetch(url)).text()).toBe('{"name":"Embedded Airbyte"}');
});

test.each([
  ["localhost", 200],
  ["127.0.0.1", 200],
  ["[::1]", 200],
  ["attacker.example", 403],
  ["127.0.0.1.attacker.example", 403],
])("a request with the Host %s is answered with %i", async (host, status) => {
  const { port } = await start();
  expect(await statusWithHost(port, host)).toBe(status);
  expect(await statusWithHost(port, `${host}:${port}`)).toBe(status);
});

test("JSON that lies too deep is refused at the door of both APIs, and everything else goes on", async () => {
  const { call, config, url, token } = await start();
  const { workspaceId } = (await call("GET", "/workspaces")).body.data[0];
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  const source = (configuration: string, definition: string) =>
    `{"name":"deep","workspaceId":"${workspaceId}","${definition}":"${faker}","configuration":${configuration},"connectionConfiguration":${configuration}}`;
  const post = (path: string, body: string) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
  for (const depth of [250, 6_000, 100_000]) {
    expect((await post("/api/public/v1/sources", source(nested(depth), "definitionId"))).status).toBe(422);
    expect((await post("/api/v1/sources/create", source(nested(depth), "sourceDefinitionId"))).status).toBe(422);
    expect((await post("/api/v1/sources/create", "[".repeat(depth))).status).toBe(422);
  }
  expect((await call("GET", "/sources")).body.data).toEqual([]);
  const good = await call("POST", "/sources", {
    name: "good",
    workspaceId,
    definitionId: faker,
    configuration: { count: 1 },
  });
  expect(good.status).toBe(200);
  expect((await config("sources/list", { workspaceId })).body.sources).toHaveLength(1);
});

test("a body of more than 10 MB is refused with 413, by both APIs, also where nobody says how long it is", async () => {
  const { call, config, url, token } = await start();
  const large = { name: "x".repeat(10 * 1024 * 1024) };
  expect((await call("POST", "/sources", large)).status).toBe(413);
  expect((await config("sources/create", large)).status).toBe(413);
  const chunks = ReadableStream.from(Array.from({ length: 11 }, () => Buffer.alloc(1024 * 1024, "x")));
  const headers = { authorization: `Bearer ${token}` };
  const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body: chunks, duplex: "half" };
  expect((await fetch(`${url}/api/v1/sources/create`, init)).status).toBe(413);
});

test.skipIf(process.platform !== "linux")("nobody is answered but at 127.0.0.1", async () => {
  const { port } = await start();
  const refused = await new Promise((resolve) => {
    // Linux answers at all of 127.0.0.0/8 where a server listens everywhere.
    connect(port, "127.0.0.2").on("error", resolve).on("connect", resolve);
  });
  expect(refused).toMatchObject({ code: "ECONNREFUSED" });
});

test("callers who never end their request keep nobody else waiting, and the server from no end", async () => {
  const server = await start();
  const sockets = Array.from({ length: 100 }, (_, n) => {
    const socket = connect(server.port, "127.0.0.1").on("error", () => undefined);
    const whole = `POST /api/v1/tags/create HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{`;
    socket.write(n % 2 === 0 ? whole : whole.slice(0, 40));
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await server.call("GET", "/workspaces")).status).toBe(200);
  await server.close();
  for (const socket of sockets) socket.destroy();
});

test("keys that objects have by themselves are keys like any other, and change nothing else", async () => {
  const { call, config, workspaceId, dataDir } = await start();
  const given = JSON.parse(
    '{"count":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}',
  ) as object;
  const source = { name: "__proto__", workspaceId, definitionId: faker, configuration: given };
  const { status, body } = await call("POST", "/sources", source);
  expect(status).toBe(200);
  for (const id of ["__proto__", "constructor", "toString"]) {
    expect((await call("GET", `/sources/${id}`)).status).toBe(400);
    expect((await config("sources/get", { sourceId: id })).status).toBe(400);
    expect((await call("GET", `/${id}`)).status).toBe(403);
  }
  const merged = await call("PATCH", `/sources/${body.sourceId}`, { configuration: given });
  expect(merged.status).toBe(200);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect((await call("GET", "/sources")).body.data).toHaveLength(1);
  expect(JSON.parse(readFileSync(join(dataDir, "data.json"), "utf8")).sources).toHaveLength(1);
});

test("paths are served with a trailing slash as well, without a redirect", async () => {
  const { api, token } = await start();
  const response = await fetch(`${api}/workspaces/`, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "error",
  });
  expect(response.status).toBe(200);
});

test("an unreadable body is a 422, a missing field a 400, both with nothing but an error id", async () => {
  const { call } = await start();
  for (const [body, status] of [
    ["{not json", 422],
    [{ name: "no workspace" }, 400],
  ] as const) {
    const answer = await call("POST", "/sources", body);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body as object)).toEqual(["errorId"]);
  }
});

test("unknown query and body keys are ignored", async () => {
  const { call, workspaceId } = await start();
  const given = { name: "A", workspaceId, configuration: { sourceType: "faker" }, unheardOf: 1 };
  expect((await call("POST", "/sources?nothing=1", given)).status).toBe(200);
});

test("an unknown id is a 404 in Airbyte's problem JSON, sent as application/json", async () => {
  const { call } = await start();
  const { status, body, headers } = await call("GET", `/sources/${unknownId}`);
  expect(status).toBe(404);
  expect(headers.get("content-type")).toBe("application/json");
  expect(body).toMatchObject({
    type: "https://reference.airbyte.com/reference/errors#resource-not-found",
    title: "resource-not-found",
    status: 404,
    detail: expect.any(String) as string,
    data: { resourceType: "source", resourceId: unknownId },
  });
  for (const path of ["destinations", "connections", "workspaces", "tags", "applications"]) {
    expect((await call("GET", `/${path}/${unknownId}`)).body.data.resourceId).toBe(unknownId);
  }
});

test("a call that neither API has is 403 of the framework for those who are signed in, 401 for others, 404 in an old server", async () => {
  const { call, config, api, url } = await start();
  for (const { status, body } of [
    await call("GET", "/nothing"),
    await call("PUT", `/connections/${unknownId}`, {}),
    await config("workspaces/list"),
  ]) {
    expect([status, body]).toEqual([
      403,
      {
        message: "Forbidden",
        _links: { self: { href: expect.any(String) as string, templated: false } },
        _embedded: { errors: [{ message: "Forbidden", _links: {}, _embedded: {} }] },
      },
    ]);
  }
  expect((await send("GET", `${api}/nothing`, null)).status).toBe(401);
  expect((await send("POST", `${url}/api/v1/nothing`, null, {})).status).toBe(401);
  const old = await start({ publicApi: false });
  expect((await old.config("nothing")).status).toBe(404);
  expect((await old.config("workspaces/list")).body.workspaces).toHaveLength(1);
});

test("everything survives a restart", async () => {
  const first = await start();
  const source = await createSource(first);
  await first.close();
  const second = await start({ dataDir: first.dataDir });
  expect((await second.call("GET", `/sources/${source.sourceId}`)).body).toEqual(source);
  expect(second).toMatchObject({ instanceId: first.instanceId, workspaceId: first.workspaceId });
  expect((await second.call("GET", "/workspaces")).body.data).toHaveLength(1);
});

test("an answered write is on disk, however many come at once", async () => {
  const server = await start();
  const file = join(server.dataDir, "data.json");
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const { sourceId } = await createSource(server);
      expect(readFileSync(file, "utf8")).toContain(sourceId);
    }),
  );
});

test("the data folder and its files are for their owner alone", async () => {
  const server = await start();
  await createSource(server);
  expect(statSync(server.dataDir).mode & 0o777).toBe(0o700);
  const files = readdirSync(server.dataDir);
  expect(files.sort()).toEqual(["credentials.json", "data.json", "signing-key.json"]);
  for (const file of files) expect(statSync(join(server.dataDir, file)).mode & 0o777).toBe(0o600);
});

test("credentials are generated for each installation", async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one.clientSecret).not.toBe(other.clientSecret);
  expect(one.clientSecret.length).toBeGreaterThanOrEqual(32);
});

test("without persistence nothing but the credentials is written", async () => {
  const server = await start({ persist: false });
  await createSource(server);
  expect(readdirSync(server.dataDir).sort()).toEqual(["credentials.json", "signing-key.json"]);
});

test("a taken port is an error, before the data folder is touched", async () => {
  const { port } = await start();
  const dataDir = temporaryFolder();
  await expect(createEmbeddedServer({ dataDir, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(readdirSync(dataDir)).toEqual([]);
});
