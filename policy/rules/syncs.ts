import { map, type Resource } from "../resource.ts";

const connection = "pulumi-nodejs:dynamic/airbyte:Connection";

/**
 * Connections that sync more often than hourly: more than once in an hour of their Quartz schedule.
 *
 * @param allowed names (in the program) of those that may
 */
export function frequentSyncs({ type, name, props }: Resource, allowed: readonly string[] = []): string[] {
  if (type !== connection || allowed.includes(name) || props.status === "inactive") return [];
  const { scheduleType, cronExpression } = map(props.schedule);
  if (scheduleType !== "cron" || typeof cronExpression !== "string") return [];
  const times = timesAnHour(cronExpression);
  if (times === undefined || times <= 1) return [];
  return [
    `syncs ${times} times an hour (${cronExpression}), and every sync costs: take a rarer schedule, ` +
      `or name the connection in the policy's configuration (allowFrequentSyncs)`,
  ];
}

/** How often a Quartz expression fires within an hour in which it fires; undefined where it is none (the provider says so). */
export function timesAnHour(expression: string): number | undefined {
  const [seconds, minutes] = expression.trim().split(/\s+/).map(countOfSixty);
  return seconds === undefined || minutes === undefined ? undefined : seconds * minutes;
}

/** How many of 0 to 59 a field of an expression means. */
function countOfSixty(field: string): number | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === undefined || step === "0") return undefined;
    const first = from === "*" ? 0 : Number(from);
    // `5/20` means from 5 on; `50-10` goes over the full hour.
    const last = to !== undefined ? Number(to) : from === "*" || step !== undefined ? 59 : first;
    if (first > 59 || last > 59) return undefined;
    const end = last < first ? last + 60 : last;
    for (let value = first; value <= end; value += Number(step ?? 1)) values.add(value % 60);
  }
  return values.size;
}
