import type { AirbyteApi } from "./airbyte-api.ts";
import type { Workspace } from "./types.ts";

const known = new WeakMap<AirbyteApi, Promise<Workspace[]>>();

/** The workspaces, asked for once a process: for questions that any workspace answers. A failure isn't remembered. */
export function workspacesOnce(api: AirbyteApi): Promise<Workspace[]> {
  const before = known.get(api);
  if (before) return before;
  const asked = api.listWorkspaces();
  known.set(api, asked);
  asked.catch(() => known.delete(api));
  return asked;
}
