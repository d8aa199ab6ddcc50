import { z } from "zod";
import { isObject } from "../../lifecycle/canonical.ts";
import { describeKind, programTypes } from "../describe.ts";
import { common, id, name, secretText } from "../fields.ts";

const enabled = z.boolean().describe("Whether it is sent.");
const notification = z.strictObject({
  email: z.strictObject({ enabled }).optional().describe("An e-mail to the workspace's address."),
  webhook: z
    .strictObject({
      enabled,
      url: secretText.optional().describe("The address, such as a Slack webhook's. A secret: `${secret:NAME}`."),
    })
    .optional()
    .describe("A POST to an address."),
});

programTypes.set(notification, { name: "NotificationArgs", about: "When a workspace tells somebody, and how." });

const notifications = z
  .strictObject({
    failure: notification.optional().describe("A sync failed."),
    success: notification.optional().describe("A sync succeeded."),
    connectionUpdate: notification.optional().describe("A source's schema changed, and its connection was updated."),
    connectionUpdateActionRequired: notification
      .optional()
      .describe("A source's schema changed so that somebody has to do something."),
    syncDisabled: notification.optional().describe("Airbyte switched a connection off, which failed too often."),
    syncDisabledWarning: notification.optional().describe("Airbyte will soon switch a connection off."),
  })
  .describe("Whom the workspace tells of what. An event that is left out keeps the setting that it has in Airbyte.");

programTypes.set(notifications, {
  name: "NotificationsArgs",
  about: "The events of a workspace. One that is left out keeps the setting that it has in Airbyte.",
});

export const workspace = describeKind({
  kind: "workspace",
  title: "Workspaces beside the stack's own, by name.",
  about: "A workspace. Deleting it deletes everything that is in it.",
  fields: {
    name,
    organizationId: {
      schema: id.optional().describe("The organization to create it in. Default: the installation's."),
      createOnly: true, // a new workspace would be an empty one
      notAdopted: true,
    },
    regionId: {
      schema: id.optional().describe("Id of the region where its connections run. Default: Airbyte's."),
      notAdopted: true,
    },
    notifications: {
      schema: notifications.optional(),
      // Whoever knows the address of a webhook can write to it.
      secret: (path) => path.at(-1) === "url",
    },
    ...common,
  },
  across: ({ notifications: declared }) =>
    Object.entries(isObject(declared) ? declared : {}).flatMap(([event, setting]) => {
      const webhook = isObject(setting) ? setting.webhook : undefined;
      if (!isObject(webhook) || webhook.enabled !== true || webhook.url) return [];
      return [{ path: ["notifications", event, "webhook", "url"], text: "is missing; an enabled webhook needs one" }];
    }),
  protectedInProduction: true,
});
