import type { Issue } from "../../../../errors/zod-issues.ts";
import { UNKNOWN } from "../../lifecycle/canonical.ts";
import type { Context } from "../../lifecycle/handler.ts";
import { someWorkspace } from "../../lifecycle/some-workspace.ts";
import type { ConnectionInputs } from "./view.ts";

/** New ids of sources and destinations that others manage, where Airbyte has no such thing, or has it in another workspace. */
export async function strangeEnds(
  inputs: ConnectionInputs,
  context: Context,
  before?: ConnectionInputs,
): Promise<Issue[]> {
  const { workspaceId } = inputs;
  const issues = (["source", "destination"] as const).map(async (kind): Promise<Issue[]> => {
    const key = `${kind}Id` as const;
    const id = inputs[key];
    const isOwn = context.intents.unclaimed([id], (one) => one).length === 0;
    if (id === UNKNOWN || id === before?.[key] || isOwn) return [];
    const found = await context.reads.actor(kind, id, await someWorkspace(workspaceId, context));
    if (!found) return [{ path: [key], text: `this Airbyte has no ${kind} ${id}` }];
    if (workspaceId === UNKNOWN || found.workspaceId === workspaceId) return [];
    const text = `the ${kind} ${id} is in the workspace ${found.workspaceId}, and the connection in ${workspaceId}; say in workspaceId where both of its ends are`;
    return [{ path: [key], text }];
  });
  return (await Promise.all(issues)).flat();
}
