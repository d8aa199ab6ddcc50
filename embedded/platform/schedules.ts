import type { Optional } from "../json.ts";
import { Problem, unprocessable } from "../problems.ts";
import type { Schedule } from "../state.ts";

/** A schedule as a request has it. */
export interface RequestedSchedule {
  scheduleType: Schedule["scheduleType"];
  cronExpression?: Optional<string>;
  cronTimeZone?: Optional<string>;
  basicSchedule?: Optional<Schedule["basicSchedule"]>;
}

export function scheduleOf({ scheduleType, cronExpression, ...given }: RequestedSchedule): Schedule {
  if (scheduleType === "manual") return { scheduleType, cronExpression: null };
  if (scheduleType === "basic") {
    const { basicSchedule } = given;
    if (!basicSchedule) throw unprocessable("if schedule type is basic, then scheduleData.basic must be populated");
    if (basicSchedule.timeUnit === "minutes" && basicSchedule.units < 60) throw tooOften();
    return { scheduleType, cronExpression: null, basicSchedule };
  }
  if (!cronExpression) {
    throw new Problem(400, "error:cron-validation/missing-expression", "A cron schedule needs its expression.", {
      message: "Missing cron expression in the schedule.",
    });
  }
  const parsed = { scheduleType, cronExpression: parseCron(cronExpression) };
  return given.cronTimeZone ? { ...parsed, cronTimeZone: checkZone(given.cronTimeZone) } : parsed;
}

function tooOften(): Problem {
  return new Problem(
    400,
    "error:cron-validation/under-one-hour-not-allowed",
    "Cron executions must be more than 1 hour apart.",
    { message: "Syncs more frequent than once per hour are not allowed" },
  );
}

// Airbyte knows the names of the zones in its time library, but for Etc/….
function checkZone(zone: string): string {
  const known = () => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }).format() !== "";
    } catch {
      return false;
    }
  };
  if (!/^etc/i.test(zone) && known()) return zone;
  throw new Problem(400, "error:cron-validation/invalid-timezone", "The specified cron timezone is invalid", {
    message: `The cron time zone ${zone} is not valid`,
    cronTimezone: zone,
  });
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

interface CronField {
  name: string;
  min: number;
  max: number;
  names?: string[];
  /** What only this field may hold besides numbers. */
  special?: RegExp;
}

const quartzFields: CronField[] = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31, special: /^(\?|L|LW|L-\d{1,2}|\d{1,2}W)$/i },
  { name: "month", min: 1, max: 12, names: months },
  { name: "day of week", min: 1, max: 7, names: days, special: /^(\?|L|[1-7]L|([1-7]|[A-Z]{3})#[1-5])$/i },
  { name: "year", min: 1970, max: 2099 },
];

/**
 * Checks a schedule as Airbyte does and returns it without its zone: Quartz syntax, six or seven fields, always UTC
 * (so no other zone can be written), and no more often than once an hour.
 */
export function parseCron(expression: string): string {
  const cron = expression.trim().replace(/\s+UTC$/i, "");
  const values = cron.split(/\s+/);
  if (values.length < 6 || values.length > 7) {
    throw invalid(`Cron expression contains ${values.length} parts but we expect one of [6, 7]`, expression);
  }
  const counts = values.map((value, index) => firings(value, quartzFields[index], expression));
  if ((values[3] === "?") === (values[5] === "?")) {
    throw invalid("One of day of month and day of week has to be '?', and only one", expression);
  }
  const everySecond = values[0] === "*" || (values.length === 7 && values[1] === "*");
  if (everySecond || (counts[0] ?? 1) * (counts[1] ?? 1) > 1) {
    throw new Problem(
      400,
      "error:cron-validation/under-one-hour-not-allowed",
      "Cron executions must be more than 1 hour apart.",
      { message: "Cron executions must be more than 1 hour apart", cronExpression: expression },
    );
  }
  return cron;
}

/** How often the field fires in one round; 0 where that can't be counted. */
function firings(text: string, field: CronField | undefined, expression: string): number {
  if (!field) throw invalid("Too many fields", expression);
  if (field.special?.test(text)) return 0;
  return parseCronField(text, field, expression).length;
}

/** The numbers that a field without special signs stands for, in their order. */
function parseCronField(text: string, field: CronField, expression = text): number[] {
  const found = text.split(",").flatMap((part) => numbersOf(part, field, expression));
  return [...new Set(found)].sort((a, b) => a - b);
}

function numbersOf(part: string, field: CronField, expression: string): number[] {
  const refuse = () => invalid(`Failed to parse the ${field.name} '${part}'`, expression);
  const [range = "", step, ...rest] = part.split("/");
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) throw refuse();
  const ends = range === "*" ? [field.min, field.max] : range.split("-").map((end) => numberOf(end, field));
  const [from, to = step === undefined ? from : field.max] = ends;
  if (ends.length > 2 || from === undefined || to === undefined) throw refuse();
  if (![from, to].every((end) => end >= field.min && end <= field.max)) throw refuse();
  // Days and months may wrap around: FRI-MON.
  const size = field.max - field.min + 1;
  const span = to >= from ? to - from : to - from + size;
  const count = Math.floor(span / Number(step ?? 1)) + 1;
  return Array.from({ length: count }, (_, n) => ((from - field.min + n * Number(step ?? 1)) % size) + field.min);
}

function numberOf(text: string, field: CronField): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + field.min;
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

function invalid(message: string, expression: string): Problem {
  return new Problem(400, "error:cron-validation/invalid-expression", "The cron expression is not valid.", {
    message,
    cronExpression: expression,
  });
}

const hour = 3_600_000;
const day = 24 * hour;
/** A 29 February that has to be a certain weekday may be 40 years away. */
const longestDays = 41 * 366;
const units = { minutes: 60_000, hours: hour, days: day, weeks: 7 * day, months: 30 * day };

/**
 * The first moment after `after` at which the schedule is due, in epoch milliseconds; null for manual ones, and where
 * there is none any longer.
 *
 * @param anchor basic schedules count from here: the last run, or when the connection was made
 */
export function nextRun(schedule: Schedule, after: number, anchor: number): number | null {
  const { basicSchedule, cronExpression, cronTimeZone = "UTC" } = schedule;
  if (schedule.scheduleType === "cron" && cronExpression !== null) return nextCron(cronExpression, cronTimeZone, after);
  if (schedule.scheduleType !== "basic" || !basicSchedule) return null;
  const interval = basicSchedule.units * units[basicSchedule.timeUnit];
  return anchor + Math.max(1, Math.floor((after - anchor) / interval) + 1) * interval;
}

function nextCron(expression: string, zone: string, after: number): number | null {
  const [second = "", minute = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = "*"] =
    expression.split(/\s+/);
  const sets = [hours, minute, second].map((text, index) => numbers(text, 2 - index));
  const months = numbers(month, 4);
  const years = numbers(year, 6);
  const offsets = offsetsOf(zone);
  // Days as the zone's calendar has them, each as midnight UTC.
  const begun = after + offsets(after);
  const today = begun - (((begun % day) + day) % day);
  for (let date = today, n = 0; n < longestDays; date += day, n++) {
    const calendar = new Date(date);
    if (!years.includes(calendar.getUTCFullYear()) || !months.includes(calendar.getUTCMonth() + 1)) continue;
    if (!isDayOfMonth(dayOfMonth, calendar) || !isDayOfWeek(dayOfWeek, calendar)) continue;
    for (const time of timesOf(sets)) {
      const at = instantOf(date + time, offsets);
      if (at > after) return at;
    }
  }
  return null;
}

function timesOf([hours = [], minutes = [], seconds = []]: number[][]): number[] {
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * hour + m * 60_000 + s * 1_000)));
}

function numbers(text: string, index: number): number[] {
  const field = quartzFields[index];
  return field ? parseCronField(text, field) : [];
}

function isDayOfMonth(text: string, date: Date): boolean {
  if (text === "?" || text === "*") return true;
  const [year, month, today] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const special = /^(?:L(?:-(\d+))?(W)?|(\d+)(W))$/i.exec(text);
  if (!special) return numbers(text, 3).includes(today);
  const [, before = "0", lastWeekday, given, weekday] = special;
  const wanted = given === undefined ? last - Number(before) : Math.min(Number(given), last);
  return today === ((lastWeekday ?? weekday) ? nearestWeekday(year, month, wanted, last) : wanted);
}

// W: the weekday next to the day, in the same month.
function nearestWeekday(year: number, month: number, wanted: number, last: number): number {
  const weekday = new Date(Date.UTC(year, month, wanted)).getUTCDay();
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1;
  if (weekday === 0) return wanted === last ? wanted - 2 : wanted + 1;
  return wanted;
}

function isDayOfWeek(text: string, date: Date): boolean {
  if (text === "?" || text === "*") return true;
  const [today, dayOfMonth] = [date.getUTCDay() + 1, date.getUTCDate()];
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (nth) return numbers(nth[1] ?? "", 5).includes(today) && Math.ceil(dayOfMonth / 7) === Number(nth[2]);
  if (/^L$/i.test(text)) return today === 7;
  const last = /^(\d)L$/i.exec(text);
  if (!last) return numbers(text, 5).includes(today);
  const weekLater = new Date(date.getTime() + 7 * day);
  return today === Number(last[1]) && weekLater.getUTCMonth() !== date.getUTCMonth();
}

/** The moment at which the zone's clocks show this; one that they leave out counts from before the change. */
function instantOf(local: number, offsets: (at: number) => number): number {
  const guess = local - offsets(local - offsets(local));
  const earlier = local - offsets(local - day);
  return earlier + offsets(earlier) === local ? Math.min(guess, earlier) : guess;
}

/** How far ahead of UTC the zone's clocks are at a moment, in milliseconds. */
function offsetsOf(zone: string): (at: number) => number {
  if (zone === "UTC") return () => 0;
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours = "0", minutes = "0"] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * hour + Number(minutes) * 60_000);
  };
}
