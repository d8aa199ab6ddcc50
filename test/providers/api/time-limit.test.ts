import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Call, ClientOptions } from "../../../providers/airbyte/api/call.ts";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { ConfigApi } from "../../../providers/airbyte/api/config.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { PublicApi } from "../../../providers/airbyte/api/public.ts";
import { longerThan } from "../../../providers/airbyte/api/waits.ts";
import { readRequestTimeout } from "../../../settings/values.ts";
import { scriptedServer, type Step } from "./scripted-server.ts";

const GET: Call<{ ok: boolean }> = { method: "GET", path: "/thing", schema: z.looseObject({ ok: z.boolean() }) };
const POST: Call<{ ok: boolean }> = { ...GET, method: "POST", body: { name: "thing" } };
const NEVER: Step = () => undefined;
const LATE: Step = (response) => setTimeout(() => response.end('{"ok":true}'), 300);

async function clientFor(steps: Step[], options: Partial<ClientOptions> = {}) {
  const server = await scriptedServer(steps);
  const client = new Client({ root: server.url, ...options });
  onTestFinished(() => client.close());
  return { ...server, client };
}

const failure = (promise: Promise<unknown>): Promise<AirbyteError> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AirbyteError);
      return error as AirbyteError;
    },
  );

test("requestTimeout is a time between a second and an hour, written as Pulumi writes its own", () => {
  expect(["1s", "90s", "2m", "1m30s", "1h"].map(readRequestTimeout)).toEqual([
    1_000, 90_000, 120_000, 90_000, 3_600_000,
  ]);
  for (const wrong of ["", "0s", "30", "500ms", "1d", "61m", "99999999999h", "-5s", "1.5m", " 30s"]) {
    expect(readRequestTimeout(wrong), wrong).toBeUndefined();
  }
});

test("twice the time that was not enough is what to set, and it can be set", () => {
  expect([2_000, 45_000, 60_000, 15 * 60_000, 50 * 60_000].map(longerThan)).toEqual(
    ["4s", "90s", "2m", "30m", "60m"].map((time) => `requestTimeout ${time}`),
  );
  expect(longerThan(1)).toBe("requestTimeout 1s");
});

test("a call that takes too long is interrupted; one that may be repeated is tried once more, and not again", async () => {
  // Long enough for a busy machine to have sent the call.
  const { client, calls } = await clientFor([NEVER, NEVER, NEVER, NEVER]);
  const error = await failure(client.call({ ...POST, timeoutMs: 1_000 }));
  expect(error.code).toBe("interrupted");
  expect(error.message).toContain("no answer within 1 s");
  expect(calls).toHaveLength(1);
  await failure(client.call({ ...GET, timeoutMs: 1_000 }));
  expect(calls).toHaveLength(3);
});

test("a call has the time that the stack says, one that takes long by nature has its own at least, and a probe has its own", async () => {
  const { client } = await clientFor([LATE, LATE, LATE], { requestTimeoutMs: 100 });
  expect((await failure(client.call(POST))).message).toContain("no answer within 0.1 s");
  await expect(client.call({ ...POST, atLeastMs: 60_000 })).resolves.toEqual({ ok: true });
  await expect(client.call({ ...POST, timeoutMs: 60_000 })).resolves.toEqual({ ok: true });
});

test("a call whose time was up says what happened, which call, and what to set; the wait for a second try is told", async () => {
  const told: string[] = [];
  const { client, url } = await clientFor([NEVER, NEVER], { tell: (line) => told.push(line) });
  const error = await failure(client.call({ ...GET, doing: "read source s1", timeoutMs: 50 }));
  expect(error.message).toBe(
    `Could not read source s1: GET ${url}/thing: no answer within 0.05 s\n` +
      "  Next step: see what keeps Airbyte busy, or give its calls more time by pulumi config set requestTimeout 1s " +
      "(refresh and destroy know it after the next `up`, or with --run-program), then run the command again: " +
      "what the lost answer was about is looked up first, nothing is made twice.",
  );
  expect(told).toEqual(["Airbyte: no answer within 0.05 s; trying again (2 of 2)."]);
});

test("a deletion takes long by nature, in both APIs", async () => {
  const { client, calls } = await clientFor([LATE, LATE], { requestTimeoutMs: 100 });
  for (const api of [new PublicApi(client), new ConfigApi(client)]) await api.deleteActor("source", "s1", "crm");
  expect(calls).toHaveLength(2);
});
