import { expect, test } from "vitest";
import { nextRun } from "../../../embedded/platform/schedules.ts";

function next(cronExpression: string, after: string, cronTimeZone = "UTC"): string | null {
  const at = nextRun({ scheduleType: "cron", cronExpression, cronTimeZone }, Date.parse(after), 0);
  return at === null ? null : new Date(at).toISOString().replace(".000Z", "Z");
}

test.each<[string, string, string, string]>([
  ["a time of the day", "0 30 4 * * ?", "2026-03-01T04:29:59Z", "2026-03-01T04:30:00Z"],
  ["strictly later", "0 30 4 * * ?", "2026-03-01T04:30:00Z", "2026-03-02T04:30:00Z"],
  ["steps", "0 0 */6 * * ?", "2026-03-01T06:00:01Z", "2026-03-01T12:00:00Z"],
  ["steps from a start", "0 0 5/9 * * ?", "2026-03-01T05:00:00Z", "2026-03-01T14:00:00Z"],
  ["lists and seconds", "15 5 2,20 * * ?", "2026-03-01T02:05:15Z", "2026-03-01T20:05:15Z"],
  ["weekdays, Sunday is 1", "0 0 0 ? * 1", "2026-11-25T00:00:00Z", "2026-11-29T00:00:00Z"],
  ["names that wrap around", "0 0 0 ? * FRI-MON", "2026-11-24T00:00:00Z", "2026-11-27T00:00:00Z"],
  ["months by name", "0 0 0 1 JAN,JUL ?", "2026-02-01T00:00:00Z", "2026-07-01T00:00:00Z"],
  ["the last day of the month", "0 0 0 L * ?", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z"],
  ["two days before it", "0 0 0 L-2 * ?", "2026-02-01T00:00:00Z", "2026-02-26T00:00:00Z"],
  ["the last weekday of the month", "0 0 0 LW * ?", "2026-05-02T00:00:00Z", "2026-05-29T00:00:00Z"],
  ["the weekday next to a Saturday", "0 0 0 15W * ?", "2026-08-01T00:00:00Z", "2026-08-14T00:00:00Z"],
  ["… which never leaves the month", "0 0 0 1W * ?", "2026-07-31T00:00:00Z", "2026-08-03T00:00:00Z"],
  ["the third Friday", "0 0 0 ? * 6#3", "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"],
  ["the third Friday by name", "0 0 0 ? * FRI#3", "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"],
  ["the last Friday", "0 0 0 ? * 6L", "2026-11-01T00:00:00Z", "2026-11-27T00:00:00Z"],
  ["a leap day", "0 0 0 29 2 ?", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"],
  ["a year", "0 0 0 1 1 ? 2030", "2026-03-01T00:00:00Z", "2030-01-01T00:00:00Z"],
])("%s", (_what, expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test("a year that is over, and a manual schedule, are never due", () => {
  expect(next("0 0 0 1 1 ? 2020", "2026-03-01T00:00:00Z")).toBeNull();
  expect(nextRun({ scheduleType: "manual", cronExpression: null }, 0, 0)).toBeNull();
});

test("the zone's clocks count, in winter and in summer, and east of the date line", () => {
  expect(next("0 0 8 * * ?", "2026-01-10T00:00:00Z", "Europe/Berlin")).toBe("2026-01-10T07:00:00Z");
  expect(next("0 0 8 * * ?", "2026-07-10T00:00:00Z", "Europe/Berlin")).toBe("2026-07-10T06:00:00Z");
  expect(next("0 0 8 ? * MON", "2026-11-29T20:00:00Z", "Pacific/Auckland")).toBe("2026-12-06T19:00:00Z");
  expect(next("0 30 9 * * ?", "2026-01-10T00:00:00Z", "Asia/Kolkata")).toBe("2026-01-10T04:00:00Z");
  expect(next("0 0 21 ? * SUN", "2026-01-10T00:00:00Z", "America/New_York")).toBe("2026-01-12T02:00:00Z");
});

test("a time that the clocks leave out comes after the change, one that they show twice comes once", () => {
  // 29 March 2026: 02:00 becomes 03:00 in Berlin; 25 October: 03:00 becomes 02:00.
  expect(next("0 30 2 * * ?", "2026-03-28T12:00:00Z", "Europe/Berlin")).toBe("2026-03-29T01:30:00Z");
  expect(next("0 30 2 * * ?", "2026-03-29T01:30:00Z", "Europe/Berlin")).toBe("2026-03-30T00:30:00Z");
  const first = next("0 30 2 * * ?", "2026-10-24T12:00:00Z", "Europe/Berlin");
  expect(first).toBe("2026-10-25T00:30:00Z");
  expect(next("0 30 2 * * ?", "2026-10-25T00:30:00Z", "Europe/Berlin")).toBe("2026-10-26T01:30:00Z");
});

test("a basic schedule counts from its last run", () => {
  const schedule = {
    scheduleType: "basic",
    cronExpression: null,
    basicSchedule: { timeUnit: "hours", units: 6 },
  } as const;
  const hour = 3_600_000;
  expect(nextRun(schedule, 1 * hour, 0)).toBe(6 * hour);
  expect(nextRun(schedule, 20 * hour, 0)).toBe(24 * hour);
  expect(nextRun(schedule, 6 * hour, 0)).toBe(12 * hour);
});
