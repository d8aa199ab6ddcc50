import { z } from "zod";
import { isObject, type JsonObject } from "../../json.ts";

/** An event in the words of this API and of the public one. */
const events = {
  sendOnSuccess: "success",
  sendOnFailure: "failure",
  sendOnSyncDisabled: "syncDisabled",
  sendOnSyncDisabledWarning: "syncDisabledWarning",
  sendOnConnectionUpdate: "connectionUpdate",
  sendOnConnectionUpdateActionRequired: "connectionUpdateActionRequired",
} as const;

const item = z
  .object({
    /** `customerio` is e-mail, `slack` any webhook. */
    notificationType: z.array(z.enum(["slack", "customerio"])).nullish(),
    slackConfiguration: z.object({ webhook: z.string() }).nullish(),
  })
  .nullish();

/** What this server doesn't know of (breaking changes, queued syncs) is ignored. */
export const notificationSettings = z.object({
  sendOnSuccess: item,
  sendOnFailure: item,
  sendOnSyncDisabled: item,
  sendOnSyncDisabledWarning: item,
  sendOnConnectionUpdate: item,
  sendOnConnectionUpdateActionRequired: item,
});

/** As the store and the public API have it: `{failure: {email: {enabled}, webhook: {enabled, url}}}`. */
export function fromSettings(settings: z.output<typeof notificationSettings>): JsonObject {
  const entries = Object.entries(events).flatMap(([key, event]): [string, JsonObject][] => {
    const given = settings[key as keyof typeof events];
    if (!given) return [];
    const types = given.notificationType ?? [];
    const webhook: JsonObject = { enabled: types.includes("slack") };
    if (given.slackConfiguration) webhook.url = given.slackConfiguration.webhook;
    return [[event, { email: { enabled: types.includes("customerio") }, webhook }]];
  });
  return Object.fromEntries(entries);
}

export function toSettings(notifications: JsonObject): JsonObject {
  const entries = Object.entries(events).flatMap(([key, event]): [string, JsonObject][] => {
    const kept = notifications[event];
    if (!isObject(kept)) return [];
    const { email, webhook } = kept;
    const url = isObject(webhook) ? webhook.url : undefined;
    const types = [
      ...(isObject(webhook) && webhook.enabled === true ? ["slack"] : []),
      ...(isObject(email) && email.enabled === true ? ["customerio"] : []),
    ];
    return [
      [key, { notificationType: types, ...(typeof url === "string" ? { slackConfiguration: { webhook: url } } : {}) }],
    ];
  });
  return Object.fromEntries(entries);
}
