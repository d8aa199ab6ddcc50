import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Connection, Job, Schedule } from "../../../embedded/state.ts";
import { Scheduler } from "../../../embedded/syncs/jobs.ts";
import { FakeDestination, fakeSource, instanceWith } from "./fakes.ts";

const hourly: Schedule = { scheduleType: "cron", cronExpression: "0 0 * * * ?" };
const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-01T08:30:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A scheduler over one connection, with what it starts. */
function scheduled(settings: Partial<Connection>) {
  // eslint-disable-next-line @typescript-eslint/require-await
  const source = fakeSource(async function* () {
    return;
  });
  const { instance, store, jobs, connect } = instanceWith(source, new FakeDestination().connector);
  const connection = connect("c", settings);
  const started: string[] = [];
  const start = vi.spyOn(jobs, "start").mockImplementation(() => {
    started.push(new Date().toISOString().slice(11, 16));
    return {} as Job;
  });
  const scheduler = new Scheduler(instance);
  onTestFinished(() => {
    scheduler.close();
  });
  return { store, jobs, connection, started, start };
}

test("a sync starts when it is due, each time, and never at once", () => {
  const { started } = scheduled({ schedule: hourly });
  vi.advanceTimersByTime(29 * minute);
  expect(started).toEqual([]);
  vi.advanceTimersByTime(100 * minute);
  expect(started).toEqual(["09:00", "10:00"]);
});

test("the zone counts, and basic schedules are kept as well", () => {
  const daily = { scheduleType: "cron", cronExpression: "0 0 10 * * ?", cronTimeZone: "Europe/Berlin" } as const;
  expect(startsOf({ schedule: daily })).toEqual(["09:00"]);
  const createdAt = Date.parse("2026-03-01T08:10:00Z");
  const basic = {
    scheduleType: "basic",
    cronExpression: null,
    basicSchedule: { timeUnit: "hours", units: 1 },
  } as const;
  expect(startsOf({ schedule: basic, createdAt })).toEqual(["09:10"]);
});

function startsOf(settings: Partial<Connection>): string[] {
  vi.setSystemTime(Date.parse("2026-03-01T08:30:00Z"));
  const { started } = scheduled(settings);
  vi.advanceTimersByTime(59 * minute);
  return started;
}

test.each(["inactive", "deprecated"] as const)("an %s connection runs no sync", (status) => {
  expect(startsOf({ schedule: hourly, status })).toEqual([]);
});

test("a changed schedule counts from then on, and a manual one ends it", () => {
  const { store, connection, started } = scheduled({ schedule: hourly });
  const schedule: Schedule = { scheduleType: "cron", cronExpression: "0 45 * * * ?" };
  store.connections.put({ ...connection, schedule });
  vi.advanceTimersByTime(31 * minute);
  expect(started).toEqual(["08:45"]);
  store.connections.put({ ...connection, schedule: { scheduleType: "manual", cronExpression: null } });
  vi.advanceTimersByTime(90 * minute);
  expect(started).toEqual(["08:45"]);
});

test("what was missed while the machine slept is not caught up with", () => {
  const { started } = scheduled({ schedule: hourly });
  vi.setSystemTime(Date.parse("2026-03-01T11:20:00Z"));
  vi.advanceTimersByTime(30 * minute);
  expect(started).toEqual([]);
  vi.advanceTimersByTime(11 * minute);
  expect(started).toEqual(["12:00"]);
});

test("a run that is due while a job still runs is skipped, and that job's log says so", () => {
  const { store, jobs, started } = scheduled({ schedule: hourly });
  const times = { createdAt: 0, updatedAt: 0 };
  store.jobs.put({
    ...{ id: 7, connectionId: "c", workspaceId: "w", jobType: "sync", status: "running", failure: null },
    ...{ rows: 0, bytes: 0, ...times },
  });
  vi.advanceTimersByTime(31 * minute);
  expect(started).toEqual([]);
  expect(jobs.logs.of(7).lines().join("\n")).toContain("A scheduled sync is skipped, since this job still runs");
});

test("jobs that can't start stop nothing", () => {
  const { start } = scheduled({ schedule: hourly });
  const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
  start.mockImplementation(() => {
    throw new Error("The disk is full");
  });
  vi.advanceTimersByTime(91 * minute);
  expect(start).toHaveBeenCalledTimes(2);
  expect(errors).toHaveBeenCalled();
  errors.mockRestore();
});
