import { workspacesOnce } from "../api/airbyte-api.ts";
import { UNKNOWN } from "./canonical.ts";
import type { Context } from "./handler.ts";

/** The workspace, or any where it is not known yet: for questions that all of them answer alike. */
export async function someWorkspace(workspaceId: string, { api }: Pick<Context, "api">): Promise<string> {
  if (workspaceId !== UNKNOWN) return workspaceId;
  return (await workspacesOnce(api))[0]?.workspaceId ?? "";
}
