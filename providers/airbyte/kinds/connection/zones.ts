import { cronMistake, zoneMistake } from "./schedule.ts";
import { isObject } from "../../lifecycle/canonical.ts";
import { zoned, type ConnectionInputs } from "./view.ts";
import { HalfCreatedError, UNKNOWN, type Context } from "../../lifecycle/handler.ts";
import { requireOneOf } from "../../lifecycle/inputs.ts";

/** A mistake where this Airbyte can't schedule in the declared time zone. */
export function zoneTrouble(inputs: ConnectionInputs, { api }: Context): string[] {
  return zoned(inputs) && !api.hasConfigApi ? [CLOUD_IS_UTC] : [];
}

const CLOUD_IS_UTC =
  "schedule.timeZone: this Airbyte's API runs every cron schedule in UTC (only the config API of a self-managed one knows " +
  "time zones); write the hours in UTC and leave timeZone out";

/** Mistakes in a schedule's form. */
export function scheduleMistakes(schedule: unknown): string[] {
  if (!isObject(schedule)) return [];
  const { scheduleType, cronExpression, timeZone } = schedule;
  const known = (value: unknown): value is string => typeof value === "string" && value !== UNKNOWN;
  const cron = known(cronExpression) ? cronMistake(cronExpression) : undefined;
  const zone = known(timeZone) ? zoneMistake(timeZone) : undefined;
  return [
    ...requireOneOf(schedule, "scheduleType", ["manual", "cron"]).map((mistake) => `schedule.${mistake}`),
    ...(scheduleType === "cron" && cronExpression === undefined ? ["schedule.cronExpression: is missing"] : []),
    ...(cron === undefined ? [] : [`schedule.cronExpression: ${cron}`]),
    ...(zone === undefined ? [] : [`schedule.timeZone: ${zone}`]),
  ];
}

/** A new connection has the schedule `manual` until here; the state must not say more than is true. */
export async function scheduleNew(id: string, inputs: ConnectionInputs, { api }: Context): Promise<void> {
  const zone = zoned(inputs);
  if (!zone) return;
  try {
    await api.scheduleInZone(id, inputs.name, zone.cronExpression, zone.timeZone);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HalfCreatedError(id, { ...inputs, schedule: { scheduleType: "manual" } }, reason);
  }
}
