import type * as pulumi from "@pulumi/pulumi";
import type { AirbyteHandle } from "../../providers/airbyte/index.ts";

/** What every target gives: an Airbyte that runs, or will once the resources it depends on are there. */
export interface Target {
  /** The Airbyte, but for the workspace. */
  airbyte: Omit<AirbyteHandle, "workspaceId">;
  /** What a person wants to know of it beside its address: outputs of the stack. */
  outputs: Record<string, pulumi.Input<unknown>>;
}
