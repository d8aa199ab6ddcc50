import { z } from "zod";
import {
  adopt,
  displayName,
  id,
  place,
  protect,
  secretText,
  text,
} from "../providers/airbyte/kinds/actor/description.ts";

export const tagName = text.max(30, "a tag's name has at most 30 characters").describe("Name of the tag.");
export const color = z
  .string()
  .regex(/^[0-9A-Fa-f]{6}$/, "expected six hexadecimal digits without #, such as 1F77B4")
  .describe("Colour of the tag: six hexadecimal digits, without #.");

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

export const workspace = z
  .strictObject({
    name: displayName,
    organizationId: id.optional().describe("The organization to create it in. Default: the installation's."),
    regionId: id.optional().describe("Id of the region where its connections run. Default: Airbyte's."),
    notifications: notifications.optional(),
    adopt,
    protect,
  })
  .describe("A workspace. Deleting it deletes everything that is in it.");

export const tag = z
  .strictObject({
    name: tagName.optional().describe("Name of the tag. Default: the name of this entry."),
    color,
    ...place,
    adopt,
    protect,
  })
  .describe("A tag, for the connections of its workspace.");

export const definition = z
  .strictObject({
    name: displayName,
    dockerRepository: text.describe(
      "The Docker image without its tag. A change replaces the connector and all made with it.",
    ),
    dockerImageTag: text.describe("The version to run."),
    documentationUrl: text.optional().describe("Where people read how to set it up. It can't be changed."),
    ...place,
    adopt,
    protect,
  })
  .describe("A connector of one's own, as a Docker image. Self-managed Airbyte only.");

export const declarativeSourceDefinition = z
  .strictObject({
    name: displayName.describe(
      "Name shown in Airbyte; a change replaces the connector and all made with it. Default: the name of this entry.",
    ),
    manifest: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("The low-code manifest, as the connector builder exports it; or give `manifestFile`."),
    manifestFile: text
      .optional()
      .describe("A file with the manifest (YAML or JSON), relative to this one. `${…}` in it stays as it is."),
    ...place,
    adopt,
    protect,
  })
  .describe("A source connector of one's own, described by a low-code manifest.");

export const permission = z
  .strictObject({
    permissionType: z
      .enum([
        "organization_admin",
        "organization_editor",
        "organization_runner",
        "organization_reader",
        "organization_member",
        "workspace_admin",
        "workspace_editor",
        "workspace_runner",
        "workspace_reader",
      ])
      .describe("What the user may do."),
    userId: id.optional().describe("The user's id in Airbyte; or give `userEmail`."),
    userEmail: text.optional().describe("The address that the user signs in with."),
    ...place,
    organizationId: id.optional().describe("In place of a workspace: the organization."),
    adopt: z
      .union([z.boolean(), id])
      .optional()
      .describe("Takes over what exists instead of creating it: its id, or `true` for the user's in this place."),
    protect,
  })
  .describe("What a user may do in a workspace (by default the stack's own) or an organization.");

export const application = z
  .strictObject({
    name: displayName.describe(
      "Name shown in Airbyte; a change replaces it, and its credentials. Default: the name of this entry.",
    ),
    adopt,
    protect,
  })
  .describe(
    "Credentials for a program that uses Airbyte's API. Not with simple authentication, which has one for good.",
  );
