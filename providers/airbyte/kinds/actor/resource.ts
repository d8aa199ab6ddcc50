import type * as pulumi from "@pulumi/pulumi";
import { actorInputs, type AnyActorArgs } from "./actor-inputs.ts";
import type { ActorKind } from "../../api/words.ts";
import { lookUpInputs } from "../../existing.ts";
import { AirbyteResource } from "../../resource.ts";

const OUTPUTS = ["name", "definitionId", "configuration", "connectorVersion"];

/** What sources and destinations have in common. */
export abstract class ActorResource extends AirbyteResource {
  constructor(kind: ActorKind, type: string, name: string, args: AnyActorArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = options?.id === undefined ? actorInputs(kind, name, args) : lookUpInputs(args, OUTPUTS);
    super(kind, type, name, args.airbyte, inputs, options);
  }

  /** Display name in Airbyte. */
  declare readonly name: pulumi.Output<string>;
  declare readonly workspaceId: pulumi.Output<string>;
  /** The connector's settings; of one that was looked up, with Airbyte's masks in place of secrets. */
  declare readonly configuration: pulumi.Output<Record<string, unknown>>;
  /** The connector's id in Airbyte. */
  declare readonly definitionId: pulumi.Output<string>;
  /** The version of the connector that Airbyte runs; undefined where it doesn't tell. */
  declare readonly connectorVersion: pulumi.Output<string | undefined>;
}
