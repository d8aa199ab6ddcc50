import type * as pulumi from "@pulumi/pulumi";
import { AirbyteResource, inWorkspace } from "../../resource.ts";
import type { DeclarativeSourceDefinitionArgs } from "./args.ts";

/**
 * A source connector of one's own, described by a low-code manifest. Deleting it deletes the sources that are made with
 * it.
 *
 * @example
 * const shop = new DeclarativeSourceDefinition("shop", { airbyte, manifest: parse(readFileSync("shop.yaml", "utf8")) });
 * new Source("orders", { airbyte, definitionId: shop, configuration: { api_key: config.requireSecret("shopKey") } });
 */
export class DeclarativeSourceDefinition extends AirbyteResource {
  constructor(name: string, args: DeclarativeSourceDefinitionArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...inWorkspace(name, args), version: undefined };
    super("declarative-source-definition", "DeclarativeSourceDefinition", name, args.airbyte, inputs, options);
  }

  /** Of the manifest: Airbyte counts it up with each change. */
  declare readonly version: pulumi.Output<number>;

  /** What a source names as its `definitionId`: the resource's id. */
  get definitionId(): pulumi.Output<string> {
    return this.id;
  }
}
