import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource, inWorkspace } from "../../resource.ts";
import type { DefinitionArgs } from "./args.ts";

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
