import { Problem } from "../api/problems.ts";

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

export interface CronField {
  name: string;
  min: number;
  max: number;
  names?: string[];
  /** What only this field may hold besides numbers. */
  special?: RegExp;
}

export const quartzFields: CronField[] = [
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
export function parseCronField(text: string, field: CronField, expression = text): number[] {
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
