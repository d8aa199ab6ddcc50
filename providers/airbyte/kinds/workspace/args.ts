// Written by npm run schema, from description.ts.
import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle } from "../../resource.ts";

/** When a workspace tells somebody, and how. */
export interface NotificationArgs {
  /** An e-mail to the workspace's address. */
  email?:
    | pulumi.Input<{
        /** Whether it is sent. */
        enabled: pulumi.Input<boolean>;
      }>
    | undefined;
  /** A POST to an address. */
  webhook?:
    | pulumi.Input<{
        /** Whether it is sent. */
        enabled: pulumi.Input<boolean>;
        /** The address, such as a Slack webhook's. Kept as a secret. */
        url?: pulumi.Input<string> | undefined;
      }>
    | undefined;
}

/** The events of a workspace. One that is left out keeps the setting that it has in Airbyte. */
export interface NotificationsArgs {
  /** A sync failed. */
  failure?: pulumi.Input<NotificationArgs> | undefined;
  /** A sync succeeded. */
  success?: pulumi.Input<NotificationArgs> | undefined;
  /** A source's schema changed, and its connection was updated. */
  connectionUpdate?: pulumi.Input<NotificationArgs> | undefined;
  /** A source's schema changed so that somebody has to do something. */
  connectionUpdateActionRequired?: pulumi.Input<NotificationArgs> | undefined;
  /** Airbyte switched a connection off, which failed too often. */
  syncDisabled?: pulumi.Input<NotificationArgs> | undefined;
  /** Airbyte will soon switch a connection off. */
  syncDisabledWarning?: pulumi.Input<NotificationArgs> | undefined;
}

/** Settings of a {@link Workspace}. */
export interface WorkspaceArgs {
  /** The Airbyte that it lives in; a workspace doesn't matter here. */
  airbyte: Omit<AirbyteHandle, "workspaceId">;
  /** Name shown in Airbyte. @default the resource's name */
  name?: pulumi.Input<string> | undefined;
  /** The organization to create it in. @default the installation's */
  organizationId?: pulumi.Input<string> | undefined;
  /** Id of the region where its connections run. @default Airbyte's */
  regionId?: pulumi.Input<string> | undefined;
  /** Whom the workspace tells of what. An event that is left out keeps the setting that it has in Airbyte. */
  notifications?: pulumi.Input<NotificationsArgs> | undefined;
  /**
   * Takes over what exists instead of creating: an id, or `true` for the only one of this name. Only the first `up`
   * of the resource looks at it; its preview says what would change.
   */
  adopt?: pulumi.Input<boolean | string> | undefined;
}
