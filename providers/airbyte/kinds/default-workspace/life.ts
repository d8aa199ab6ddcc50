import type { Workspace } from "../../api/types.ts";
import { changedKeys } from "../../lifecycle/canonical.ts";
import { UserError } from "../../../../errors/user-error.ts";
import { absent } from "../../lifecycle/create-once.ts";
import { NAME_KEYS, type CommonInputs, type Context, type Difference, type Handler } from "../../lifecycle/handler.ts";

/**
 * The workspace that a stack works in when none is named: found once, when there is exactly one, and kept from then on
 * as this resource's id, so that a workspace that somebody adds later changes nothing.
 */
export class DefaultWorkspaceHandler implements Handler<CommonInputs> {
  check(): string[] {
    return [];
  }

  diff(olds: CommonInputs, news: CommonInputs): Difference {
    return { changes: changedKeys(olds, news, NAME_KEYS).length > 0, replaces: [] };
  }

  async create(inputs: CommonInputs, { api }: Context) {
    const workspaces = await api.listWorkspaces();
    const [only] = workspaces;
    if (workspaces.length !== 1 || only === undefined) throw notExactlyOne(workspaces, inputs.airbyteUrl);
    return { id: only.workspaceId, outs: { ...inputs } };
  }

  async read(id: string, state: CommonInputs, { api }: Context): Promise<CommonInputs | undefined> {
    return (await api.getWorkspace(id)) && { ...state };
  }

  async update(id: string, olds: CommonInputs, news: CommonInputs, { api }: Context): Promise<CommonInputs> {
    if (!(await api.getWorkspace(id))) throw absent("the workspace", id, olds, news);
    return { ...news };
  }

  /** The workspace was there before the stack, and stays. */
  async delete(): Promise<void> {
    // Nothing to do.
  }
}

function notExactlyOne(workspaces: Workspace[], url: string): UserError {
  if (workspaces.length === 0) {
    return new UserError(`The Airbyte at ${url} shows no workspace to this application.`, {
      next: `give the application's user access to one.`,
    });
  }
  const list = workspaces.map(({ workspaceId, name }) => `    ${workspaceId}  ${name ?? ""}`).join("\n");
  return new UserError(
    `The Airbyte at ${url} has ${workspaces.length} workspaces, so which one is meant must be said:\n${list}`,
    { next: `pulumi config set workspaceId ID` },
  );
}
