import { expect, test } from "vitest";
import { TokenSource, type FreshToken } from "../../../providers/airbyte/api/authorize.ts";

function source(answer: (count: number) => FreshToken) {
  const clock = { now: 0 };
  let count = 0;
  const fetch = () => Promise.resolve(answer(++count));
  const tokens = new TokenSource(fetch, () => clock.now);
  return { tokens, clock, fetched: () => count };
}

test("a token is renewed before its end, not after", async () => {
  const { tokens, clock } = source((count) => ({ accessToken: `t${count}`, expiresIn: 180 }));
  expect(await tokens.get()).toBe("t1");
  clock.now = 149_000;
  expect(await tokens.get()).toBe("t1");
  clock.now = 150_000;
  expect(await tokens.get()).toBe("t2");
});

test("a token of two seconds is used for most of them", async () => {
  const { tokens, clock } = source((count) => ({ accessToken: `t${count}`, expiresIn: 2 }));
  await tokens.get();
  clock.now = 1_500;
  expect(await tokens.get()).toBe("t1");
  clock.now = 1_700;
  expect(await tokens.get()).toBe("t2");
});

test("where the server does not say, the token's own claims do, and else it is 180 s", async () => {
  const claims = Buffer.from(JSON.stringify({ iat: 5_000, exp: 5_060 })).toString("base64url");
  const jwt = source((count) => ({ accessToken: `h.${claims}.${count}` }));
  await jwt.tokens.get();
  jwt.clock.now = 50_000;
  await jwt.tokens.get();
  expect(jwt.fetched()).toBe(2);

  const opaque = source((count) => ({ accessToken: `t${count}` }));
  await opaque.tokens.get();
  opaque.clock.now = 149_000;
  await opaque.tokens.get();
  expect(opaque.fetched()).toBe(1);
});

test("however many callers wait, one request is made, also after a refusal", async () => {
  const { tokens, fetched } = source((count) => ({ accessToken: `t${count}`, expiresIn: 180 }));
  await Promise.all(Array.from({ length: 20 }, () => tokens.get()));
  expect(fetched()).toBe(1);
  const replaced = await Promise.all(Array.from({ length: 20 }, () => tokens.replace("t1")));
  expect(new Set(replaced)).toEqual(new Set(["t2"]));
  expect(fetched()).toBe(2);
});

test("a failed request leaves nothing behind: the next caller asks again", async () => {
  let fail = true;
  const tokens = new TokenSource(() =>
    fail ? Promise.reject(new Error("down")) : Promise.resolve({ accessToken: "t", expiresIn: 180 }),
  );
  await expect(tokens.get()).rejects.toThrow("down");
  fail = false;
  await expect(tokens.get()).resolves.toBe("t");
});
