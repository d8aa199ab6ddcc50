import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { isPlainHttp } from "../../../settings/values.ts";
import { Access } from "../../../providers/access.ts";
import { Session } from "../../../providers/airbyte/session.ts";
import { temporaryFolder } from "../../embedded/start.ts";
import { scriptedServer } from "./scripted-server.ts";

test.each([
  "http://airbyte.example.com",
  "http://10.0.0.7:8000",
  "HTTP://AIRBYTE",
  " http://airbyte",
  "http:airbyte.example.com",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://notlocalhost",
  "http://localhost@airbyte.example.com",
  "http://0.0.0.0",
  "http://[::]",
  "http://[::ffff:10.0.0.7]",
  "http://128.0.0.1",
])("%j leads beyond this machine", (address) => {
  expect(isPlainHttp(address)).toBe(true);
});

test.each([
  "http://localhost:8000/api",
  "http://LOCALHOST",
  "http://a.b.localhost",
  "http://127.0.0.1",
  "http://127.255.255.254:1",
  "http://127.1", // which is 127.0.0.1
  "http://0x7f000001",
  "http://[::1]:8000",
  "http://[0:0:0:0:0:0:0:1]",
  "https://airbyte.example.com",
  "airbyte.example.com",
])("%j doesn't", (address) => {
  expect(isPlainHttp(address)).toBe(false);
});

const credentials = [
  { clientId: "id", clientSecret: "s3cret" },
  { bearerToken: "s3cret" },
  { basicUsername: "me", basicPassword: "s3cret" },
  {}, // configurations hold secrets too
];

test.each(credentials)("a client refuses it with %j before anything is sent, wherever it leads", async (given) => {
  const server = await scriptedServer([]);
  const away = "http://airbyte.example.com/api/v1";
  const ways = [{ root: away }, { root: server.url, configRoot: away }, { root: server.url, tokenUrl: away }];
  for (const way of ways) {
    const make = () => new Client({ ...way, ...given });
    expect(make).toThrow("http://airbyte.example.com: http:// shows credentials to everybody on the way");
    expect(make).toThrow("Next step: ");
    expect(make).not.toThrow("s3cret");
    const allowed = new Client({ ...way, ...given, allowPlainHttp: true });
    onTestFinished(() => allowed.close());
  }
  expect([server.calls, server.tokenCalls]).toEqual([[], []]);
});

/** A stack's configuration, or that of a program of one's own. */
const sessionOf = (settings: Record<string, string>) => {
  const all: Record<string, string> = { stateDir: temporaryFolder(), ...settings };
  return new Session(new Access({ get: (key) => all[key] }));
};
const away = { airbyteUrl: "http://airbyte.example.com", declaredAs: "dev/users" };
const refused = "shows credentials to everybody on the way";

test("a program's own Airbyte is refused, by its address and by what the stack says of it, until a setting allows it", async () => {
  const id = { "airbyte:clientId": "id", "airbyte:clientSecret": "s3cret" };
  await expect(sessionOf(id).client(away)).rejects.toThrow(refused);
  const https = { ...away, airbyteUrl: "https://airbyte.example.com" };
  for (const key of ["tokenUrl", "apiRoot"])
    await expect(sessionOf({ ...id, [`airbyte:${key}`]: "http://x.example.com/y" }).client(https)).rejects.toThrow(
      refused,
    );
  for (const key of ["airbyte:allowPlainHttp", "allowPlainHttp"])
    await expect(sessionOf({ ...id, [key]: "true" }).client(away)).resolves.toBeInstanceOf(Client);
});

test("a profile is refused too, and allowed by its own setting alone", async () => {
  const eu = { ...away, profile: "eu" };
  const profile = (more: object) => ({ profiles: JSON.stringify({ eu: { bearerToken: "s3cret", ...more } }) });
  await expect(sessionOf(profile({})).client(eu)).rejects.toThrow(refused);
  await expect(sessionOf({ ...profile({}), allowPlainHttp: "true" }).client(eu)).rejects.toThrow(refused);
  await expect(sessionOf(profile({ allowPlainHttp: "no" })).client(eu)).rejects.toThrow(refused);
  for (const allowPlainHttp of [true, "true"])
    await expect(sessionOf(profile({ allowPlainHttp })).client(eu)).resolves.toBeInstanceOf(Client);
});
