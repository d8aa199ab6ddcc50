import type { Client } from "./client.ts";

/** Sets a cron schedule in a time zone by the config API, whichever dialect the rest is spoken in. */
export async function scheduleInZone(
  client: Client,
  connectionId: string,
  name: string,
  { cronExpression, timeZone }: { cronExpression: string; timeZone: string },
): Promise<void> {
  await client.call({
    method: "POST",
    api: "config",
    path: "/connections/update",
    body: { connectionId, scheduleType: "cron", scheduleData: { cron: { cronExpression, cronTimeZone: timeZone } } },
    doing: `schedule connection ${JSON.stringify(name)} in the time zone ${timeZone}`,
    repeatable: true,
  });
}
