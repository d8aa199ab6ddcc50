import type { AirbyteHandle } from "../../providers/airbyte/index.ts";

/** What every target gives: an Airbyte that runs, or will once the resources it depends on are there. */
export interface Target {
  /** The Airbyte, but for the workspace. */
  airbyte: Omit<AirbyteHandle, "workspaceId">;
}
