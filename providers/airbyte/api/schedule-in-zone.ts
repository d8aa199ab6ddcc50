import type { Client } from "./client.ts";
import { ask } from "./rpc.ts";

/** Sets a cron schedule in a time zone by the config API, whichever dialect the rest is spoken in. */
export async function scheduleInZone(
  client: Client,
  connectionId: string,
  name: string,
  cronExpression: string,
  cronTimeZone: string,
): Promise<void> {
  const schedule = { scheduleType: "cron", scheduleData: { cron: { cronExpression, cronTimeZone } } };
  const doing = `schedule connection ${JSON.stringify(name)} in the time zone ${cronTimeZone}`;
  await ask(client, "/connections/update", { connectionId, ...schedule }, { doing }, true);
}
