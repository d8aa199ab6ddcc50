// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { expect, test } from "vitest";
import { faker, send, start } from "../../start.ts";

test("health and the instance's configuration are for anyone, with and without a trailing slash", async () => {
  const { url } = await start();
  for (const path of ["health", "health/"]) {
    expect(await send("GET", `${url}/api/v1/${path}`, null)).toMatchObject({ status: 200, body: { available: true } });
  }
  const { body } = await send("GET", `${url}/api/v1/instance_configuration`, null);
  expect(body).toMatchObject({
    edition: "community",
    auth: { mode: "simple" },
    defaultUserId: expect.any(String) as string,
  });
  expect(body).not.toHaveProperty("defaultWorkspaceId");
});

test("a POST is served with a trailing slash, without a redirect, and ids in capitals", async () => {
  const { url, token, workspaceId: id } = await start();
  const workspaceId = id.toUpperCase();
  const { status } = await send("POST", `${url}/api/v1/workspaces/get/`, token, { workspaceId });
  expect(status).toBe(200);
});

test("a token is an access_token alone, and good on both APIs", async () => {
  const { url, api, clientId: client_id, clientSecret: client_secret, workspaceId } = await start();
  const { status, body } = await send("POST", `${url}/api/v1/applications/token`, null, { client_id, client_secret });
  expect([status, Object.keys(body as object)]).toEqual([200, ["access_token"]]);
  const token = body.access_token as string;
  expect((await send("POST", `${url}/api/v1/workspaces/get`, token, { workspaceId })).status).toBe(200);
  expect((await send("GET", `${api}/workspaces/${workspaceId}`, token)).status).toBe(200);
  const wrong = { client_id, client_secret: "wrong" };
  expect((await send("POST", `${url}/api/v1/applications/token`, null, wrong)).status).toBe(401);
});

test("applications are made, get in, and are deleted", async () => {
  const { url, config } = await start();
  const { body } = await config("applications/create", { name: "CI" });
  const given = { client_id: body.clientId as string, client_secret: body.clientSecret as string };
  const token = () => send("POST", `${url}/api/v1/applications/token`, null, given);
  expect((await token()).status).toBe(200);
  expect((await config("applications/list")).body.applications).toContainEqual(body);
  expect((await config("applications/delete", { applicationId: body.id as string })).status).toBe(200);
  expect((await token()).status).toBe(401);
});

test("without a token every other call is a 401 that changes nothing", async () => {
  const { url, workspaceId, config } = await start();
  const given = { name: "A", workspaceId, sourceDefinitionId: faker, connectionConfiguration: {} };
  for (const path of ["/api/v1/sources/create", "/sources/create", "/api/v1/applications/list"]) {
    for (const token of [null, "nonsense"])
      expect((await send("POST", `${url}${path}`, token, given)).status).toBe(401);
  }
  expect((await config("sources/list", { workspaceId })).body.sources).toEqual([]);
});

function withBasic(url: string, user: string, password: string, init: RequestInit = {}) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return fetch(url, { ...init, headers: { authorization, "content-type": "application/json" } });
}

test("Basic authentication is refused, unless the server was told to take it, and then on this API only", async () => {
  for (const basicAuth of [false, true]) {
    const { url, api, clientId, clientSecret, workspaceId } = await start({ basicAuth });
    const get = { method: "POST", body: JSON.stringify({ workspaceId }) };
    const path = `${url}/api/v1/workspaces/get`;
    expect((await withBasic(path, clientId, clientSecret, get)).status).toBe(basicAuth ? 200 : 401);
    expect((await withBasic(path, clientId, "wrong", get)).status).toBe(401);
    expect((await withBasic(`${api}/workspaces`, clientId, clientSecret)).status).toBe(401);
  }
});

test("with auth none both APIs ask for nothing, and ignore what they get", async () => {
  const { url, api, workspaceId } = await start({ auth: "none" });
  expect((await send("GET", `${api}/workspaces`, null)).status).toBe(200);
  expect((await send("POST", `${url}/api/v1/workspaces/get`, "nonsense", { workspaceId })).status).toBe(200);
  expect((await withBasic(`${api}/workspaces`, "airbyte", "password")).status).toBe(200);
  expect((await send("GET", `${url}/api/v1/instance_configuration`, null)).body.auth).toEqual({ mode: "none" });
});

test("a page of another host is refused, even where no credentials are asked for", async () => {
  const { url, workspaceId } = await start({ auth: "none" });
  for (const [origin, status] of [
    ["https://attacker.example", 403],
    ["null", 403],
    ["http://localhost.attacker.example", 403],
    ["http://localhost:3000", 200],
  ] as const) {
    const body = JSON.stringify({ workspaceId });
    const answer = await fetch(`${url}/workspaces/get`, { method: "POST", headers: { origin }, body });
    expect(answer.status).toBe(status);
  }
});

test("without the public API its paths are a 404 in plain text, and the config API works", async () => {
  const { url, token, config, workspaceId } = await start({ publicApi: false });
  for (const path of ["health", "sources", "applications/token"]) {
    const { status, headers, body } = await send("GET", `${url}/api/public/v1/${path}`, token);
    expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([404, "text/plain"]);
    expect(body).toContain("404");
  }
  expect((await config("workspaces/get", { workspaceId })).status).toBe(200);
});

test("faults strike this API as well, and its calls are counted under their own path", async () => {
  const server = await start({ faults: true });
  const { url, token, config, workspaceId } = server;
  await send("POST", `${url}/faults`, token, { next: { path: "^/api/v1/sources/list", status: 503 } });
  expect((await config("sources/list", { workspaceId })).status).toBe(503);
  expect((await config("sources/list", { workspaceId })).status).toBe(200);
  expect((await send("GET", `${url}/faults`, token)).body.calls).toMatchObject({ "POST /api/v1/sources/list": 2 });
});
