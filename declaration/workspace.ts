import { DefaultWorkspace, type AirbyteHandle } from "../providers/airbyte/index.ts";

/** The Airbyte with the stack's own workspace: the one that the configuration names, else the only one there is. */
export function inStackWorkspace(airbyte: Omit<AirbyteHandle, "workspaceId">, workspaceId?: string): AirbyteHandle {
  if (workspaceId !== undefined) return { ...airbyte, workspaceId };
  const only = new DefaultWorkspace("workspace", airbyte);
  // All else comes after it: once a declared workspace is there too, nobody could tell which one is meant.
  return { ...airbyte, workspaceId: only.workspaceId, dependsOn: [...(airbyte.dependsOn ?? []), only] };
}
