import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { authorityCertificate, serverCertificate, serverKeyPem } from "../../../credentials/certificates.ts";
import { tlsKeys } from "../../../credentials/credentials.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";

const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";
const keys = tlsKeys(ROOT, 1);

interface Given {
  hosts?: string[];
  made?: Date;
  authority?: string;
}

/** What a client with credentials meets that trusts the authority of `keys`. */
async function meet({ hosts = ["127.0.0.1"], made = new Date(), authority }: Given) {
  const asked: string[] = [];
  const cert = await serverCertificate(keys, hosts, made);
  const server = createServer({ cert, key: serverKeyPem(keys) }, (request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end('{"access_token": "t", "expires_in": 180}');
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const client = new Client({
    root: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: "id",
    clientSecret: "the-client-secret",
    caCertificate: authority ?? (await authorityCertificate(keys)),
  });
  onTestFinished(() => client.close());
  const error: unknown = await client
    .call({ method: "POST", path: "/sources", body: {} })
    .catch((thrown: unknown) => thrown);
  return { error: error as AirbyteError, asked };
}

test("a certificate of the authority that is trusted, for this host and in its time, is good", async () => {
  const { error, asked } = await meet({});
  expect(error).toBeUndefined();
  expect(asked).toEqual(["/applications/token", "/sources"]);
});

test.each([
  ["for another host", { hosts: ["airbyte.example.com"] }, /IP: 127.0.0.1 is not in the cert's list/],
  ["that has expired", { made: new Date("2022-01-01") }, /certificate has expired/],
  ["of another authority", { authority: tlsKeys(`${ROOT}x`, 1) }, /certificate/],
])(
  "a certificate %s is refused at once: no credentials are sent, and the message says why and what to do",
  async (_, given, why) => {
    const authority = "authority" in given ? await authorityCertificate(given.authority) : undefined;
    const { error, asked } = await meet({
      ...given,
      ...(authority ? { authority } : { authority: undefined }),
    } as Given);
    expect(error).toBeInstanceOf(AirbyteError);
    expect(error.code).toBe("tls");
    expect(error.message).toMatch(why);
    expect(error.message).toMatch(/Next step: .*caCertificate/);
    expect(error.mayHaveHappened).toBe(false);
    expect(error.message).not.toContain("the-client-secret");
    expect(asked).toEqual([]);
  },
);
