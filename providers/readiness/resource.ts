import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../airbyte/resource.ts";

interface Inputs {
  airbyteUrl: pulumi.Input<string>;
  startedBy: pulumi.Input<string>[];
  minutes: number;
  lookBy: pulumi.Input<string>;
  needs?: pulumi.Input<string> | undefined;
}

/** The moment from which an Airbyte answers: what is created in it depends on this. */
export class Readiness extends DynamicResource {
  constructor(name: string, inputs: Inputs, options?: pulumi.CustomResourceOptions) {
    super("readiness", "Readiness", name, { ...inputs, declaredAs: `${pulumi.getStack()}/${name}` }, options);
  }
}
