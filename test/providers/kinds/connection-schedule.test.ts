import { describe, expect, test } from "vitest";
import { parseCron } from "../../../embedded/platform/schedules.ts";
import { cronMistake, every, splitZone, zoneMistake } from "../../../providers/airbyte/kinds/connection/schedule.ts";

describe("every", () => {
  test.each([
    ["hour", "0 0 0/1 * * ?"],
    ["6 hours", "0 0 0/6 * * ?"],
    ["every 12 hours", "0 0 0/12 * * ?"],
    ["24 hours", "0 0 0 * * ?"],
    ["day", "0 0 0 * * ?"],
    ["1 week", "0 0 0 ? * MON"],
  ])("%s", (interval, cronExpression) => {
    expect(every(interval)).toEqual({ scheduleType: "cron", cronExpression });
    expect(cronMistake(cronExpression)).toBeUndefined();
    expect(parseCron(cronExpression)).toBe(cronExpression); // Airbyte's own rules
  });

  test("at a minute of the hour, in a time zone", () => {
    const schedule = every("4 hours", { at: 17, timeZone: "Europe/Berlin" });
    expect(schedule).toEqual({ scheduleType: "cron", cronExpression: "0 17 0/4 * * ?", timeZone: "Europe/Berlin" });
  });

  test.each(["5 hours", "2 days", "3 weeks", "0 hours"])("%s can't go on evenly", (interval) => {
    expect(() => every(interval)).toThrow(/can't go on evenly/);
  });

  test.each(["10 minutes", "month", "", "six hours"])("%s is no interval", (interval) => {
    expect(() => every(interval)).toThrow(/expected an interval/);
  });

  test("a minute that isn't one", () => {
    expect(() => every("day", { at: 60 })).toThrow(/minute/);
  });
});

test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])("%s is a time zone", (zone) => {
  expect(zoneMistake(zone)).toBeUndefined();
});

test.each([
  ["Etc/GMT+2", /no time zones under Etc/],
  ["Europe/Berln", /did you mean "Europe\/Berlin"\?/],
  ["+02:00", /expected the name of a time zone/],
])("%s is none", (zone, message) => {
  expect(zoneMistake(zone)).toMatch(message);
});

test.each([
  ["0 0 6 * * ?", "0 0 6 * * ?", "UTC"],
  ["0 0 6 * * ? UTC", "0 0 6 * * ?", "UTC"],
  ["0 0 6 * * ? Europe/Berlin", "0 0 6 * * ?", "Europe/Berlin"],
  ["0 0 6 ? * MON", "0 0 6 ? * MON", "UTC"],
  ["0 0 6 ? * MON 2030", "0 0 6 ? * MON 2030", "UTC"],
  ["0 0 6 ? * MON 2030 America/New_York", "0 0 6 ? * MON 2030", "America/New_York"],
])("%s is split into expression and zone", (written, cronExpression, timeZone) => {
  expect(splitZone(written)).toEqual({ cronExpression, timeZone });
});
