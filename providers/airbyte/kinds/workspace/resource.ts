import * as pulumi from "@pulumi/pulumi";
import { LOOKED_UP, readOptions, type Existing } from "../../existing.ts";
import { AirbyteResource, type AdoptableArgs, type AirbyteHandle } from "../../resource.ts";

/** When a workspace tells somebody, and how. */
export interface NotificationArgs {
  /** To the workspace's address. */
  email?: pulumi.Input<{ enabled: pulumi.Input<boolean> }> | undefined;
  /** A POST to an address, such as a Slack webhook's; the address is kept as a secret. */
  webhook?: pulumi.Input<{ enabled: pulumi.Input<boolean>; url?: pulumi.Input<string> | undefined }> | undefined;
}

/** The events of a workspace. One that is left out keeps the setting that it has in Airbyte. */
export interface NotificationsArgs {
  /** A sync failed. */
  failure?: pulumi.Input<NotificationArgs> | undefined;
  /** A sync succeeded. */
  success?: pulumi.Input<NotificationArgs> | undefined;
  /** The schema of a source changed, and its connection was updated. */
  connectionUpdate?: pulumi.Input<NotificationArgs> | undefined;
  /** The schema of a source changed so that somebody has to do something. */
  connectionUpdateActionRequired?: pulumi.Input<NotificationArgs> | undefined;
  /** Airbyte switched a connection off, which failed too often. */
  syncDisabled?: pulumi.Input<NotificationArgs> | undefined;
  /** It will soon. */
  syncDisabledWarning?: pulumi.Input<NotificationArgs> | undefined;
}

/** Settings of a {@link Workspace}. */
export interface WorkspaceArgs extends Omit<AdoptableArgs, "airbyte"> {
  /** The Airbyte that it is in; its own workspace doesn't matter here. */
  airbyte: Omit<AirbyteHandle, "workspaceId">;
  /**
   * The organization to create it in. The public API of a self-managed Airbyte ignores it and takes its only one. It
   * can't be changed. @default the installation's
   */
  organizationId?: pulumi.Input<string> | undefined;
  /** Id of the region where its connections run. @default Airbyte's */
  regionId?: pulumi.Input<string> | undefined;
  notifications?: pulumi.Input<NotificationsArgs> | undefined;
}

/**
 * A workspace. Deleting it deletes everything that is in it, also what this program doesn't know of: protect it
 * (`protect: true` in the options) where that matters.
 *
 * @example
 * const marketing = new Workspace("marketing", {
 *   airbyte,
 *   notifications: { failure: { webhook: { enabled: true, url: config.requireSecret("slackWebhook") } } },
 * });
 * new Source("ads", { airbyte, workspaceId: marketing, connector: "faker", configuration: {} });
 */
export class Workspace extends AirbyteResource {
  constructor(name: string, args: WorkspaceArgs, options?: pulumi.CustomResourceOptions) {
    const airbyte = { ...args.airbyte, workspaceId: "" };
    const inputs = options?.id === undefined ? workspaceInputs(name, args) : { ...LOOKED_UP, ...OUTPUTS };
    super("workspace", "Workspace", name, airbyte, inputs, options);
  }

  /**
   * A workspace that others manage: it is read, and neither changed nor deleted.
   *
   * @example
   * const finance = Workspace.get("finance", { name: "Finance" }, { airbyte });
   * new Source("ledger", { airbyte, workspaceId: finance, connector: "faker", configuration: {} });
   */
  static get(
    name: string,
    existing: Existing,
    { airbyte }: Pick<WorkspaceArgs, "airbyte">,
    options?: pulumi.CustomResourceOptions,
  ): Workspace {
    const handle = { ...airbyte, workspaceId: "" };
    return new Workspace(name, { airbyte }, readOptions("workspace", existing, { airbyte: handle }, options));
  }

  declare readonly name: pulumi.Output<string>;

  /** Airbyte's id of the workspace: the resource's id under Airbyte's name for it. */
  get workspaceId(): pulumi.Output<string> {
    return this.id;
  }
}

const OUTPUTS = { name: undefined, notifications: undefined };

function workspaceInputs(name: string, args: WorkspaceArgs): pulumi.Inputs {
  const { organizationId, regionId, adopt, notifications } = args;
  const inputs = { organizationId, regionId, adopt, name: args.name ?? name };
  return notifications === undefined ? inputs : { ...inputs, notifications: sealed(notifications) };
}

// Whoever knows the address of a webhook can write to it. What is known only later can't be told apart: all of it then.
function sealed(value: unknown, key = ""): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return pulumi.secret(value);
  if (key === "url") return pulumi.secret(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, sealed(item, name)]));
}
