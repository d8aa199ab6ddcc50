import * as pulumi from "@pulumi/pulumi";
import { LOOKED_UP, readOptions, type Existing } from "../../lookup.ts";
import { AirbyteResource } from "../../resource.ts";
import type { WorkspaceArgs } from "./args.ts";

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
