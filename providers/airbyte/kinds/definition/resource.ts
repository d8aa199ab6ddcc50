import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource, inWorkspace, type InWorkspaceArgs } from "../../resource.ts";

/** Settings of a {@link SourceDefinition} or a {@link DestinationDefinition}. */
export interface DefinitionArgs extends InWorkspaceArgs {
  /** The Docker image without its tag; a change replaces the connector, and what is made with it. */
  dockerRepository: pulumi.Input<string>;
  /** The version to run. */
  dockerImageTag: pulumi.Input<string>;
  /** Where people read how to set it up. It can't be changed. */
  documentationUrl?: pulumi.Input<string> | undefined;
}

/**
 * A source connector of one's own, as a Docker image; self-managed Airbyte only. Deleting it deletes the sources that
 * are made with it.
 *
 * @example
 * const erp = new SourceDefinition("erp", { airbyte, dockerRepository: "me/source-erp", dockerImageTag: "1.2.0" });
 * new Source("orders", { airbyte, definitionId: erp, configuration: {} });
 */
export class SourceDefinition extends AirbyteResource {
  constructor(name: string, args: DefinitionArgs, options?: pulumi.CustomResourceOptions) {
    super("source-definition", "SourceDefinition", name, args.airbyte, inWorkspace(name, args), options);
  }

  /** What a source names as its `definitionId`: the resource's id. */
  get definitionId(): pulumi.Output<string> {
    return this.id;
  }
}

/**
 * A destination connector of one's own, as a Docker image; self-managed Airbyte only. Deleting it deletes the
 * destinations that are made with it.
 *
 * @example
 * const lake = new DestinationDefinition("lake", {
 *   airbyte, dockerRepository: "me/destination-lake", dockerImageTag: "0.3.1",
 * });
 * new Destination("archive", { airbyte, definitionId: lake, configuration: {} });
 */
export class DestinationDefinition extends AirbyteResource {
  constructor(name: string, args: DefinitionArgs, options?: pulumi.CustomResourceOptions) {
    super("destination-definition", "DestinationDefinition", name, args.airbyte, inWorkspace(name, args), options);
  }

  /** What a destination names as its `definitionId`: the resource's id. */
  get definitionId(): pulumi.Output<string> {
    return this.id;
  }
}
