import { parseCronField, quartzFields } from "../platform/cron.ts";
import type { Schedule } from "../state.ts";

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
