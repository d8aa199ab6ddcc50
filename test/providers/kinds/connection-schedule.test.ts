import { describe, expect, test } from "vitest";
import { parseCron } from "../../../embedded/platform/schedules.ts";
import {
  cronMistake,
  every,
  splitZone,
  timesAnHour,
  zoneMistake,
} from "../../../providers/airbyte/kinds/connection/schedule.ts";

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

  test.each(["15 minutes", "30 min", "90 seconds"])("%s is under an hour, which is the least", (interval) => {
    expect(() => every(interval)).toThrow(/an hour is the least/);
  });

  test("a minute that isn't one", () => {
    expect(() => every("day", { at: 60 })).toThrow(/minute/);
  });
});

describe("cron", () => {
  test.each([
    ["61 0 6 * * ?", "1st field (seconds)"],
    ["0 60 6 * * ?", "2nd field (minutes)"],
    ["0 0 24 * * ?", "3rd field (hours)"],
    ["0 0 6-25 * * ?", "3rd field (hours)"],
    ["0 0 0/0 * * ?", "3rd field (hours)"],
    ["0 0 L * * ?", "3rd field (hours)"],
    ["0 0 6 32 * ?", "4th field (day-of-month)"],
    ["0 0 6 MON * ?", "4th field (day-of-month)"],
    ["0 0 6 1#2 * ?", "4th field (day-of-month)"],
    ["0 0 6 * 13 ?", "5th field (month)"],
    ["0 0 6 * JNA ?", "5th field (month)"],
    ["0 0 6 * * ? 1969", "7th field (year)"],
    ["0 0 6 ? * 0", "6th field (day-of-week)"],
    ["0 0 6 ? * 8", "6th field (day-of-week)"],
    ["0 0 6 ? * FRI#6", "6th field (day-of-week)"],
    ["0 0 6 ? * 15W", "6th field (day-of-week)"],
  ])("%s names the field that is wrong", (expression, expected) => {
    expect(cronMistake(expression)).toContain(expected);
    expect(() => parseCron(expression)).toThrow();
  });

  test.each([
    ...["0 0 6 * * ?", "0 0 6 L * ?", "0 0 6 LW * ?", "0 0 6 L-3 * ?", "0 0 6 15W * ?", "0 0 6 1,15 JAN-MAR/2 ?"],
    ...[
      "0 0 6 ? * MON-FRI",
      "0 0 6 ? * FRI-MON",
      "0 0 6 ? * 6L",
      "0 0 6 ? * 6#3",
      "0 0 6 ? * fri#3",
      "0 30 8-18/2 ? * 2",
    ],
    ...["0 0 6 * * ? 2030", "0 0 6 * * ? 2030-2035", "0 0 6 * * ? UTC"],
  ])("%s is right", (expression) => {
    expect(cronMistake(expression)).toBeUndefined();
    expect(() => parseCron(expression)).not.toThrow();
  });

  test.each([
    ["0 0 * * * ?", 1],
    ["0 0,30 * * * ?", 2],
    ["0 0/15 * * * ?", 4],
    ["0 * 12 * * ?", 60],
    ["0/30 5-7 6 ? * MON", 6],
  ])("%s fires so often in an hour: %i", (expression, times) => {
    expect(timesAnHour(expression)).toBe(times);
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
