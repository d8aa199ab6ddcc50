// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { createHmac } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { getToken, send, start } from "../start.ts";

async function ask(api: string, contentType: string, body: string) {
  const response = await fetch(`${api}/applications/token`, {
    method: "POST",
    headers: { "content-type": contentType },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("the token endpoint", () => {
  test.each(["grant_type", "grant-type"])("takes a form with %s, as Airbyte's SDKs send it", async (grant) => {
    const { api, clientId, clientSecret } = await start();
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      [grant]: "client_credentials",
    });
    const { status, body } = await ask(api, "application/x-www-form-urlencoded; charset=utf-8", form.toString());
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String) as string, token_type: "Bearer", expires_in: 180 });
  });

  test.each([{}, { grant_type: "client_credentials" }, { "grant-type": "client_credentials" }])(
    "takes JSON with the grant %o",
    async (grant) => {
      const { api, clientId, clientSecret } = await start();
      const given = { client_id: clientId, client_secret: clientSecret, ...grant };
      const { status, body } = await ask(api, "application/json", JSON.stringify(given));
      expect(status).toBe(200);
      expect(body.token_type).toBe("Bearer");
    },
  );

  test("answers wrong credentials with 401 and an error id", async () => {
    const { api, clientId } = await start();
    const { status, body } = await ask(
      api,
      "application/json",
      JSON.stringify({ client_id: clientId, client_secret: "x" }),
    );
    expect(status).toBe(401);
    expect(Object.keys(body)).toEqual(["errorId"]);
  });

  test("gives tokens the configured life", async () => {
    const server = await start({ tokenTtlSeconds: 900 });
    expect((await getToken(server)).expires_in).toBe(900);
  });
});

/** Signs what it is given, with a key or the client's secret. */
function hmac(algorithm: string, key?: string) {
  return (_: string, text: string, clientSecret: string) =>
    createHmac(algorithm, key ?? clientSecret)
      .update(text)
      .digest("base64url");
}

describe("a token", () => {
  test("is needed everywhere but for health and the token itself", async () => {
    const { api } = await start();
    expect((await send("GET", `${api}/workspaces`, null)).status).toBe(401);
    expect((await send("GET", `${api}/workspaces`, "nonsense")).status).toBe(401);
    const health = await send("GET", `${api}/health`, null);
    expect([health.status, health.body]).toEqual([200, "Successful operation"]);
  });

  test("is refused once it has expired", async () => {
    const server = await start({ tokenTtlSeconds: 60 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    try {
      expect((await server.call("GET", "/workspaces")).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  test("stays valid when a new one is issued, and over a restart of the server", async () => {
    const first = await start();
    await getToken(first);
    expect((await first.call("GET", "/workspaces")).status).toBe(200);
    await first.close();
    const second = await start({ dataDir: first.dataDir });
    expect((await send("GET", `${second.api}/workspaces`, first.token)).status).toBe(200);
  });

  test.each([
    ["no signature", { alg: "none" }, () => ""],
    ["the signature that it had", { alg: "none" }, (signature: string) => signature],
    ["a signature by the client's secret", { alg: "HS256" }, hmac("sha256")],
    ["an empty key's", { alg: "HS256" }, hmac("sha256", "")],
    ["another algorithm's", { alg: "HS512" }, hmac("sha512")],
    ["a key that it names itself", { alg: "HS256", kid: "/dev/null", jku: "http://192.0.2.1/" }, hmac("sha256", "")],
  ])("with %s is refused", async (_, header, sign) => {
    const { api, token, clientSecret } = await start();
    const [, claims = "", signature = ""] = token.split(".");
    const unsigned = `${Buffer.from(JSON.stringify({ typ: "JWT", ...header })).toString("base64url")}.${claims}`;
    const forged = `${unsigned}.${sign(signature, unsigned, clientSecret)}`;
    expect((await send("GET", `${api}/workspaces`, forged)).status).toBe(401);
  });

  test("of another server is refused", async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect((await send("GET", `${one.api}/workspaces`, other.token)).status).toBe(401);
  });
});

describe("applications", () => {
  test("are created with credentials that work until they are deleted", async () => {
    const server = await start();
    const { status, body } = await server.call("POST", "/applications", { name: "ci" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: "ci", createdAt: expect.any(Number) as number });
    const { access_token } = await getToken({ ...server, ...(body as { clientId: string; clientSecret: string }) });
    expect((await send("GET", `${server.api}/workspaces`, access_token)).status).toBe(200);

    const path = `/applications/${body.id as string}`;
    expect((await server.call("GET", path)).body).toEqual(body);
    expect((await server.call("GET", "/applications")).body.applications).toHaveLength(2);
    expect(await server.call("DELETE", path)).toMatchObject({ status: 200, body });
    expect((await server.call("GET", path)).status).toBe(404);
    expect((await send("GET", `${server.api}/workspaces`, access_token)).status).toBe(401);
  });

  test("do not include a way to lock oneself out", async () => {
    const { call } = await start();
    const [own] = (await call("GET", "/applications")).body.applications as { id: string }[];
    expect((await call("DELETE", `/applications/${own?.id ?? ""}`)).status).toBe(400);
  });
});
