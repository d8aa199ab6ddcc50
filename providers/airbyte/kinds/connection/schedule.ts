import { nearest } from "../../../../errors/nearest.ts";

/** When a connection syncs. */
export interface ScheduleInputs {
  scheduleType: string;
  /** Quartz cron: seconds first, 6 or 7 fields. */
  cronExpression?: string;
  /** Name of the IANA time zone that the expression is in, such as `Europe/Berlin`. @default UTC */
  timeZone?: string;
}

const HOURS = [1, 2, 3, 4, 6, 8, 12, 24];

/**
 * A schedule of every so many hours, days or weeks, from midnight on: `every("6 hours")` syncs at 0:00, 6:00, 12:00 and
 * 18:00, `every("day")` at midnight, `every("week")` at midnight to Monday. Airbyte's public API knows cron only, and
 * there only what divides a day can go on evenly.
 *
 * @param options `timeZone` as in {@link ScheduleInputs}; `at` is the minute of the hour, to spread load. @default 0
 * @throws RangeError for an interval that a cron expression can't say.
 */
export function every(interval: string, options: { timeZone?: string; at?: number } = {}) {
  const { timeZone, at = 0 } = options;
  const cronExpression = cronOf(interval, at);
  return { scheduleType: "cron" as const, cronExpression, ...(timeZone === undefined ? {} : { timeZone }) };
}

function cronOf(interval: string, minute: number): string {
  const [, number = "1", unit = ""] = /^\s*(?:every\s+)?(\d+)?\s*(hour|day|week)s?\s*$/i.exec(interval) ?? [];
  if (unit === "") {
    const isShort = /min|sec/i.test(interval);
    const hint = isShort ? "; an hour is the least: more often goes by cron alone, where the Airbyte allows it" : "";
    throw mistake(`expected an interval such as "6 hours", "day" or "week", found "${interval}"${hint}`);
  }
  if (!Number.isInteger(minute) || minute < 0 || minute > 59) throw mistake("at: expected a minute, 0 to 59");
  const count = Number(number);
  if (unit === "hour" && HOURS.includes(count))
    return count === 24 ? `0 ${minute} 0 * * ?` : `0 ${minute} 0/${count} * * ?`;
  if (unit === "day" && count === 1) return `0 ${minute} 0 * * ?`;
  if (unit === "week" && count === 1) return `0 ${minute} 0 ? * MON`;
  throw mistake(
    `"${interval}" can't go on evenly from day to day; possible: ${HOURS.join(", ")} hours, 1 day, 1 week, or cron`,
  );
}

/** Pulumi shows what has its mark as one sentence, without a trace; set by hand, as files are read without the SDK. */
function mistake(text: string): RangeError {
  return Object.assign(new RangeError(text), { __pulumiRunError: true });
}

/** Why Airbyte would refuse a Quartz expression, or undefined. A trailing `UTC` is allowed. */
export function cronMistake(expression: string): string | undefined {
  const fields = expression
    .trim()
    .replace(/\s+UTC$/, "")
    .split(/\s+/);
  const found = `found ${JSON.stringify(expression)}`;
  const [seconds, minutes, , dayOfMonth, , dayOfWeek, year] = fields;
  if (fields.length === 5) {
    return `expected Quartz cron (seconds minutes hours day-of-month month day-of-week, one of the days "?"); ${found}, which is Unix cron`;
  }
  if (fields.length !== 6 && fields.length !== 7) {
    return `expected 6 or 7 fields of Quartz cron, such as "0 0 6 * * ?" (daily at 6:00); ${found}`;
  }
  if (seconds === "*") return `the first field (seconds) can't be "*": that would be every second; ${found}`;
  if (fields.length === 7 && minutes === "*") return `the second field (minutes) can't be "*" beside a year; ${found}`;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    return `exactly one of day-of-month (4th field) and day-of-week (6th) must be "?"; ${found}`;
  }
  if (/[A-Za-z]/.test(year ?? ""))
    return `the time zone is a setting of its own (timeZone), and the 7th field the year; ${found}`;
  const wrong = fields.findIndex((field, index) => !isOf(CRON_FIELDS[index]!, field));
  if (wrong < 0) return undefined;
  const { name, expected } = CRON_FIELDS[wrong]!;
  return `the ${ORDINALS[wrong]} field (${name}): expected ${expected}, found ${JSON.stringify(fields[wrong])}; ${found}`;
}

interface CronField {
  name: string;
  expected: string;
  min: number;
  max: number;
  names?: readonly string[];
  /** What this field alone may hold. */
  special?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const ORDINALS = ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th"];

const CRON_FIELDS: readonly CronField[] = [
  { name: "seconds", expected: "0 to 59", min: 0, max: 59 },
  { name: "minutes", expected: "0 to 59", min: 0, max: 59 },
  { name: "hours", expected: "0 to 23", min: 0, max: 23 },
  {
    ...{ name: "day-of-month", expected: "1 to 31, L (the last), LW or 15W (a weekday), or ?", min: 1, max: 31 },
    special: /^(\?|L|LW|L-\d{1,2}W?|([12]?\d|3[01])W)$/i,
  },
  { name: "month", expected: "1 to 12, or JAN to DEC", min: 1, max: 12, names: MONTHS },
  {
    ...{
      name: "day-of-week",
      expected: "1 (SUN) to 7 (SAT), 6L (the last Friday), 6#3 (the third), or ?",
      min: 1,
      max: 7,
    },
    names: DAYS,
    special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i,
  },
  { name: "year", expected: "1970 to 2099", min: 1970, max: 2099 },
];

/** Whether Quartz understands a field: `*`, numbers or names, ranges, steps, and lists of them. */
function isOf(field: CronField, text: string): boolean {
  return field.special?.test(text) === true || text.split(",").every((part) => firings(field, part) > 0);
}

/** How often a part of a field fires in one round of it; 0 where Quartz doesn't understand it. */
function firings(field: CronField, part: string): number {
  const { min, max } = field;
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return 0;
  const ends = range === "*" ? [min, max] : range.split("-").map((end) => numberIn(field, end));
  if (ends.length > 2 || !ends.every((end) => end >= min && end <= max)) return 0;
  const [from = min, to = step === undefined ? from : max] = ends;
  const span = to >= from ? to - from : to - from + (max - min + 1); // FRI-MON
  return Math.floor(span / Number(step ?? 1)) + 1;
}

function numberIn({ names, min }: CronField, text: string): number {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + min;
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** How often a valid expression fires in an hour in which it does: the seconds times the minutes. */
export function timesAnHour(expression: string): number {
  const [seconds = 1, minutes = 1] = expression
    .trim()
    .split(/\s+/)
    .map((text, index) => {
      const field = CRON_FIELDS[index];
      return field === undefined ? 1 : text.split(",").reduce((sum, part) => sum + firings(field, part), 0);
    });
  return seconds * minutes;
}

/** Why a time zone can't be used, or undefined. */
export function zoneMistake(zone: string): string | undefined {
  // Airbyte's own rule.
  if (/^etc\//i.test(zone)) return `Airbyte takes no time zones under Etc/; for UTC leave timeZone out (found ${zone})`;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    // An offset such as +02:00 is no name.
    if (/^[A-Za-z]/.test(zone)) return undefined;
  } catch {
    // Not known: told below.
  }
  const guess = nearest(zone, Intl.supportedValuesOf("timeZone"));
  const hint = guess === undefined ? "" : `; did you mean "${guess}"?`;
  return `expected the name of a time zone, such as Europe/Berlin, found ${JSON.stringify(zone)}${hint}`;
}

/** An expression and its zone, which Airbyte writes behind it: `0 0 12 * * ? Europe/Berlin`. */
export function splitZone(cronExpression: string): { cronExpression: string; timeZone: string } {
  const fields = cronExpression.trim().split(/\s+/);
  const last = fields.at(-1) ?? "";
  // A seventh field is the year or the zone; names of days stand in the sixth.
  if (fields.length < 7 || !/^[A-Za-z]/.test(last)) return { cronExpression: fields.join(" "), timeZone: "UTC" };
  return { cronExpression: fields.slice(0, -1).join(" "), timeZone: last };
}
