import { expect, test } from "vitest";
import { longerThan, readRequestTimeout } from "../../../providers/airbyte/api/time-limit.ts";

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
