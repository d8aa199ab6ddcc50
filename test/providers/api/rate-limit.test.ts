import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../providers/airbyte/api/client.ts";
import { RateLimit } from "../../../providers/airbyte/api/retry.ts";
import { scriptedServer, type Step } from "./scripted-server.ts";

const ok: Step = { body: {} };
const GET = { method: "GET", path: "/thing" } as const;

test("at first nobody waits", async () => {
  const limit = new RateLimit();
  const turns = Array.from({ length: 100 }, () => limit.turn());
  // All of them are through before a timer could have fired.
  const next = new Promise((resolve) => setImmediate(resolve));
  expect(await Promise.race([Promise.all(turns).then(() => "all at once"), next])).toBe("all at once");
});

test("after a refusal all wait until the server wants calls again, also those that began to wait before", async () => {
  const limit = new RateLimit();
  const turn = await limit.turn();
  limit.turnedAway(turn, 200);
  const waiting = [limit.turn(), limit.turn()];
  limit.turnedAway(turn, 600);
  const until = Date.now() + 590;
  await Promise.all(waiting);
  expect(Date.now()).toBeGreaterThanOrEqual(until);
});

test("a server that takes three calls and then one at a time is called as often as needed, and hardly more", async () => {
  const refused: Step = { status: 429, headers: { "retry-after": "1" } };
  const { url, calls } = await scriptedServer([ok, ok, ok, refused, ...Array<Step>(100).fill(ok)]);
  const client = new Client({ root: url });
  onTestFinished(() => client.close());
  await Promise.all(Array.from({ length: 3 }, () => client.call(GET)));
  await client.call(GET); // turned away once, and then let in
  await Promise.all(Array.from({ length: 5 }, () => client.call(GET)));
  expect(calls).toHaveLength(10);
});

test.each([
  { callers: 8, each: 8, mostRefused: 32 },
  // All at once: those that were under way before the first refusal are turned away together, hardly one after it.
  { callers: 120, each: 1, mostRefused: 180 },
])("$callers callers of a server that lets in few: each gets through, and the refusals don't multiply", async (row) => {
  const { callers, each, mostRefused } = row;
  // Lets in a call per 25 ms, as a gateway with a rate limit does.
  let free = 0;
  let refusals = 0;
  const limited: Step = (response) => {
    const now = Date.now();
    const late = now < free;
    if (!late) free = now + 25;
    else refusals += 1;
    response.writeHead(late ? 429 : 200, { "content-type": "application/json", "retry-after": "0" }).end("{}");
  };
  const { url } = await scriptedServer(Array<Step>(2_000).fill(limited));
  const client = new Client({ root: url });
  onTestFinished(() => client.close());
  const resource = async () => {
    for (let call = 0; call < each; call++) await client.call(GET);
  };
  await Promise.all(Array.from({ length: callers }, resource));
  // Each trying again by itself, they are turned away more often than they get through.
  expect(refusals).toBeLessThan(mostRefused);
});
