import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Call } from "../../../providers/airbyte/api/call.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { possibleSecrets, Redactor } from "../../../providers/airbyte/api/redact.ts";
import { WAIT } from "../../../providers/airbyte/api/waits.ts";
import { scriptedServer, type Step } from "./scripted-server.ts";
import { freePort } from "../../doubles/free-port.ts";

const GET: Call<{ ok: boolean }> = { method: "GET", path: "/thing", schema: z.looseObject({ ok: z.boolean() }) };
const POST: Call<{ ok: boolean }> = { ...GET, method: "POST", body: { name: "thing" } };
const OK: Step = { body: { ok: true } };
const CUT: Step = (response) => response.destroy();

async function clientFor(steps: Step[], tokenStep?: Step) {
  const server = await scriptedServer(steps, tokenStep);
  const client = new Client({ root: server.url, clientId: "the-client-id", clientSecret: "the-client-secret" });
  onTestFinished(() => client.close());
  return { ...server, client };
}

async function failure(promise: Promise<unknown>): Promise<AirbyteError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AirbyteError);
  return error as AirbyteError;
}

describe("tokens", () => {
  test("one token serves many calls at once", async () => {
    const { client, tokenCalls, calls } = await clientFor([OK, OK, OK]);
    await Promise.all([client.call(GET), client.call(GET), client.call(GET)]);
    expect(tokenCalls).toHaveLength(1);
    expect(calls.map((call) => call.headers.authorization)).toEqual(Array(3).fill("Bearer token-1"));
    expect(JSON.parse(tokenCalls[0]?.body ?? "")).toEqual({
      client_id: "the-client-id",
      client_secret: "the-client-secret",
      "grant-type": "client_credentials",
    });
  });

  test("a refused token is replaced once and the call sent again, a POST too", async () => {
    const { client, calls } = await clientFor([{ status: 401 }, OK]);
    await expect(client.call(POST)).resolves.toEqual({ ok: true });
    expect(calls.map((call) => call.headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test("a fresh token that is refused too is a matter of credentials", async () => {
    const { client, calls } = await clientFor([{ status: 401 }, { status: 401 }]);
    const error = await failure(client.call(GET));
    expect(error.code).toBe("credentials");
    expect(error.message).toContain("clientSecret");
    expect(calls).toHaveLength(2);
  });

  test.each([400, 401, 500])(
    "a token call answered %i means wrong credentials, whatever the edition says",
    async (status) => {
      const { client, calls } = await clientFor([], { status, body: { message: "bad client the-client-secret" } });
      const error = await failure(client.call(GET));
      expect(error.code).toBe("credentials");
      expect(error.message).not.toContain("the-client-secret");
      expect(calls).toHaveLength(0);
    },
  );

  test("a token that would break out of its header is never sent", async () => {
    const { client, calls } = await clientFor([OK], { body: { access_token: "a\r\nx-injected: 1", expires_in: 180 } });
    const { message } = await failure(client.call(GET));
    expect(message).not.toContain("\r\n");
    expect(calls).toEqual([]);
  });

  test("a token call that is sent elsewhere is not: the secret stays here", async () => {
    const elsewhere = await scriptedServer([OK]);
    const headers = { location: `${elsewhere.url}/applications/token` };
    const { client, calls } = await clientFor([OK], { status: 307, headers });
    await failure(client.call(GET));
    expect([...calls, ...elsewhere.tokenCalls]).toEqual([]);
  });

  test("without credentials no token is asked for", async () => {
    const server = await scriptedServer([OK]);
    const client = new Client({ root: server.url });
    onTestFinished(() => client.close());
    await client.call(GET);
    expect(server.tokenCalls).toHaveLength(0);
    expect(server.calls[0]?.headers.authorization).toBeUndefined();
  });
});

describe("retries", () => {
  test.each([429, 502, 503, 504])("a GET is sent again after %i", async (status) => {
    const { client, calls } = await clientFor([{ status, headers: { "retry-after": "0" } }, OK]);
    await expect(client.call(GET)).resolves.toEqual({ ok: true });
    expect(calls).toHaveLength(2);
  });

  test.each(["PUT", "PATCH", "DELETE"] as const)("a %s is sent again after a broken connection", async (method) => {
    const { client, calls } = await clientFor([CUT, OK]);
    await client.call({ ...POST, method });
    expect(calls).toHaveLength(2);
  });

  test("a GET is sent again when the answer breaks off half-way", async () => {
    const half: Step = (response) => {
      response.writeHead(200, { "content-length": "100" }).write('{"ok":');
      setTimeout(() => response.destroy(), 10);
    };
    const { client } = await clientFor([half, OK]);
    await expect(client.call(GET)).resolves.toEqual({ ok: true });
  });

  test("a GET is not sent again after 500", async () => {
    const { client, calls } = await clientFor([{ status: 500 }, OK]);
    await failure(client.call(GET));
    expect(calls).toHaveLength(1);
  });

  test.each([502, 503, 504])("a POST is never sent again after %i: it may have happened", async (status) => {
    const { client, calls } = await clientFor([{ status }, OK]);
    const error = await failure(client.call(POST));
    expect(error.mayHaveHappened).toBe(true);
    expect(calls).toHaveLength(1);
  });

  test("a POST is never sent again after a broken connection", async () => {
    const { client, calls } = await clientFor([CUT, OK]);
    const error = await failure(client.call(POST));
    expect(error.code).toBe("interrupted");
    expect(error.mayHaveHappened).toBe(true);
    expect(calls).toHaveLength(1);
  });

  test("a POST that the rate limit turned away is sent again", async () => {
    const { client, calls } = await clientFor([{ status: 429, headers: { "retry-after": "0" } }, OK]);
    await client.call(POST);
    expect(calls).toHaveLength(2);
  });

  test("a POST that met a closed port did not happen", async () => {
    const port = await freePort();
    const client = new Client({ root: `http://127.0.0.1:${port}` });
    const error = await failure(client.call(POST));
    expect(error.code).toBe("unreachable");
    expect(error.mayHaveHappened).toBe(false);
    expect(error.message).toContain("ECONNREFUSED");
  });

  test("a Retry-After of an hour is not waited for", async () => {
    const { client, calls } = await clientFor([{ status: 429, headers: { "retry-after": "3600" } }, OK]);
    const error = await failure(client.call(GET));
    expect(error.status).toBe(429);
    expect(calls).toHaveLength(1);
  });
});

describe("a token that can't be had", () => {
  test("is asked for so many times and no more, and the call itself did not happen", async () => {
    const { client, tokenCalls, calls } = await clientFor([OK], { status: 503, headers: { "retry-after": "0" } });
    const error = await failure(client.call(POST));
    expect(error.mayHaveHappened).toBe(false);
    expect(tokenCalls).toHaveLength(5);
    expect(calls).toHaveLength(0);
  });
});

test("secrets that another call held are blanked too: a connection's error quotes its source's log", async () => {
  const server = await scriptedServer([{ status: 500, body: { message: "logs: password=TopSecretPw1 pin=1234567" } }]);
  const secrets = new Redactor().add(
    possibleSecrets({ password: "TopSecretPw1", pin: 1234567, url: "db://u:Pw2-secret@h" }),
  );
  const client = new Client({ root: server.url, secrets });
  onTestFinished(() => client.close());
  const error = await failure(client.call(POST));
  expect(error.message).not.toMatch(/TopSecretPw1|1234567/);
  expect(secrets.text("db://u:Pw2-secret@h")).toBe("db://u:[secret]@h");
});

describe("answers that are not Airbyte's", () => {
  test("an HTML page is named as one", async () => {
    const { client } = await clientFor([{ body: "<html><title>Login</title></html>" }]);
    const error = await failure(client.call(GET));
    expect(error.code).toBe("notAirbyte");
    expect(error.message).toContain('an HTML page titled "Login"');
  });

  test("an HTML page is no answer to a deletion, of which nothing else is read", async () => {
    const { client } = await clientFor([{ body: "<html><title>Login</title></html>" }, { status: 204 }]);
    const remove: Call<void> = { method: "DELETE", path: "/thing" };
    expect((await failure(client.call(remove))).code).toBe("notAirbyte");
    await expect(client.call(remove)).resolves.toBeUndefined();
  });

  test("a 404 that is not Airbyte's own does not say that an object is gone", async () => {
    const { client } = await clientFor([{ status: 404, body: "404 page not found" }]);
    expect((await failure(client.call(GET))).code).toBe("notAirbyte");
  });

  test("a redirect is not followed: the token stays here", async () => {
    const { client, calls } = await clientFor([{ status: 302, headers: { location: "https://elsewhere.example/" } }]);
    const error = await failure(client.call(GET));
    expect(error.code).toBe("redirect");
    expect(error.message).toContain("https://elsewhere.example/");
    expect(calls).toHaveLength(1);
  });

  test("JSON of another shape says what is missing", async () => {
    const { client } = await clientFor([{ body: { fine: 1 } }]);
    expect((await failure(client.call(GET))).message).toContain("ok");
  });
});

describe("words", () => {
  test("an error names the resource, the call, the status, the server's words and its id, and the next step", async () => {
    const body = { title: "unprocessable-entity", data: { message: "required property 'host'" }, errorId: "e-1" };
    const { client, url } = await clientFor([{ status: 422, body }]);
    const error = await failure(client.call({ ...POST, doing: 'create source "crm"' }));
    expect(error.message).toBe(
      `Could not create source "crm": POST ${url}/thing answered 422: unprocessable-entity: required property 'host' ` +
        `(errorId e-1, see the server's log)\n  Next step: correct the declaration and run the command again.`,
    );
  });

  test.each([
    ["a lock", POST, 409, { type: "error:connection/locked", title: "Connection is locked" }, /unlock it there first/],
    ["words of a lock", POST, 409, { title: "state-conflict", detail: "The block is taken" }, /what is under way/],
    [
      "a connector",
      { ...POST, runsConnector: true },
      500,
      { title: "unexpected-problem" },
      /the connector complains of/,
    ],
    ["words of a connector", POST, 500, { title: "no connector, nothing to discover" }, /^look into the server's log/],
  ])(
    "%s: the next step follows from the call and from Airbyte's own name for it",
    async (_, call, status, body, next) => {
      const { client } = await clientFor(Array.from({ length: WAIT.retry.tries }, () => ({ status, body })));
      const error = await failure(client.call(call));
      expect(error.message.split("Next step: ")[1]).toMatch(next);
    },
  );

  test("secrets of the request never stand in an error, in whatever form the server quotes them", async () => {
    const secret = 'p"ss\nw0rd!';
    const account = JSON.stringify({ type: "service_account", private_key: "-----BEGIN KEY-----\nabcdef0123" });
    const quoted = `${secret} ${JSON.stringify(secret)} ${encodeURIComponent(secret)} abcdef0123 ok-host`;
    const { client } = await clientFor([{ status: 422, body: { title: "bad", data: { message: quoted } } }]);
    const configuration = { host: "ok-host", password: secret, credentials: { service_account_info: account } };
    const error = await failure(client.call({ ...POST, body: { configuration } }));
    for (const hidden of [secret, "ss\\nw0rd", encodeURIComponent(secret), "abcdef0123"]) {
      expect(error.message).not.toContain(hidden);
    }
    expect(error.message).toContain("ok-host");
  });
});
