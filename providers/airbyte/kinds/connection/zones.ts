import type { Issue } from "../../../../errors/zod-issues.ts";
import { zoned, type ConnectionInputs } from "./view.ts";
import { HalfCreatedError, type Context } from "../../lifecycle/handler.ts";

/** A mistake where this Airbyte can't schedule in the declared time zone. */
export function zoneTrouble(inputs: ConnectionInputs, { api }: Context): Issue[] {
  return zoned(inputs) && !api.hasConfigApi ? [{ path: ["schedule", "timeZone"], text: CLOUD_IS_UTC }] : [];
}

const CLOUD_IS_UTC =
  "this Airbyte's API runs every cron schedule in UTC (only the config API of a self-managed one knows " +
  "time zones); write the hours in UTC and leave timeZone out";

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
