import { WAIT } from "../../../providers/airbyte/api/waits.ts";
import { expect, test } from "vitest";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { parseRetryAfter, pauseBeforeRetry } from "../../../providers/airbyte/api/retry.ts";

const busy = new AirbyteError({ code: "refused", status: 503, call: "GET /x", message: "busy" });

test("pauses double, with jitter between a half and the whole, up to a cap", () => {
  expect(pauseBeforeRetry("GET", busy, 1, undefined, () => 0)).toBe(WAIT.retry.firstPauseMs / 2);
  expect(pauseBeforeRetry("GET", busy, 1, undefined, () => 1)).toBe(WAIT.retry.firstPauseMs);
  expect(pauseBeforeRetry("GET", busy, 3, undefined, () => 1)).toBe(WAIT.retry.firstPauseMs * 4);
});

test("after the last try there is none", () => {
  expect(pauseBeforeRetry("GET", busy, WAIT.retry.tries)).toBeUndefined();
});

test("Retry-After is honoured in both of its forms", () => {
  expect(parseRetryAfter("3")).toBe(3000);
  expect(parseRetryAfter("Tue, 24 Nov 2026 10:00:05 GMT", Date.parse("2026-11-24T10:00:00Z"))).toBe(5000);
  expect(parseRetryAfter("Tue, 24 Nov 2026 09:00:00 GMT", Date.parse("2026-11-24T10:00:00Z"))).toBe(0);
  expect(parseRetryAfter("soon")).toBeUndefined();
  expect(parseRetryAfter(undefined)).toBeUndefined();
  expect(pauseBeforeRetry("GET", busy, 1, 7_000)).toBe(7_000);
});

test("an error that says nothing about time or place is not worth another try", () => {
  const wrong = new AirbyteError({ code: "refused", status: 422, call: "PUT /x", message: "wrong" });
  expect(pauseBeforeRetry("PUT", wrong, 1)).toBeUndefined();
});
