import type { JsonObject } from "../../api/types.ts";

/** When a workspace tells somebody, by the event; the public API's words. */
export type Notifications = Record<string, Notification>;

export interface Notification {
  email?: { enabled?: boolean };
  webhook?: { enabled?: boolean; url?: string };
}

/** The events, and what the config API calls them. */
const EVENTS = {
  failure: "sendOnFailure",
  success: "sendOnSuccess",
  connectionUpdate: "sendOnConnectionUpdate",
  connectionUpdateActionRequired: "sendOnConnectionUpdateActionRequired",
  syncDisabled: "sendOnSyncDisabled",
  syncDisabledWarning: "sendOnSyncDisabledWarning",
} as const;

// The config API's names of the two ways: any webhook is `slack` there, and e-mail the service that sends it.
const EMAIL = "customerio";
const WEBHOOK = "slack";

interface Setting {
  notificationType?: string[] | null;
  slackConfiguration?: { webhook?: string } | null;
}

/** The config API's settings in the public API's words; events that the latter doesn't know are left out. */
export function fromSettings(settings: Record<string, Setting | null>): Notifications {
  const entries = Object.entries(EVENTS).flatMap(([event, key]): [string, Notification][] => {
    const setting = settings[key];
    if (!setting) return [];
    const types = setting.notificationType ?? [];
    const url = setting.slackConfiguration?.webhook;
    const webhook = { enabled: types.includes(WEBHOOK), ...(url === undefined ? {} : { url }) };
    return [[event, { email: { enabled: types.includes(EMAIL) }, webhook }]];
  });
  return Object.fromEntries(entries);
}

/** All settings as the config API wants them: those of before, with the declared ones in their place. */
export function toSettings(notifications: Notifications, before: JsonObject): JsonObject {
  const known = fromSettings(before as unknown as Record<string, Setting | null>);
  const entries = Object.entries(notifications).map(([event, { email, webhook }]) => {
    const old = known[event] ?? {};
    const isOn = { email: email?.enabled ?? old.email?.enabled, webhook: webhook?.enabled ?? old.webhook?.enabled };
    const url = webhook?.url ?? old.webhook?.url;
    const setting = {
      notificationType: [...(isOn.webhook ? [WEBHOOK] : []), ...(isOn.email ? [EMAIL] : [])],
      ...(url === undefined ? {} : { slackConfiguration: { webhook: url } }),
    };
    return [EVENTS[event as keyof typeof EVENTS], setting] as const;
  });
  return { ...before, ...Object.fromEntries(entries) };
}
