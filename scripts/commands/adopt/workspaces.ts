import { UserError } from "../../../errors/user-error.ts";
import type { Workspace } from "../../../providers/airbyte/api/types.ts";

export interface ChosenWorkspaces {
  /** That of entries which name none. */
  stack: string;
  /** All that are read. */
  read: string[];
  /** Whether the stack has to be told which one is its own. */
  mustBeSet: boolean;
}

/**
 * Which workspaces are taken over: those that are asked for (`all`, ids or names), else the stack's own.
 *
 * @param kept the stack's own, where it has one
 */
export function chooseWorkspaces(
  all: readonly Workspace[],
  asked: readonly string[],
  kept: string | undefined,
): ChosenWorkspaces {
  const read = asked.includes("all") ? all.map(({ workspaceId }) => workspaceId) : asked.map((one) => idOf(one, all));
  const stack = kept ?? read[0] ?? (all.length === 1 ? all[0]?.workspaceId : undefined);
  if (stack === undefined) {
    const what =
      all.length === 0 ? "shows no workspace to this application" : `has ${all.length} workspaces:\n${list(all)}`;
    throw new UserError(`This Airbyte ${what}`, {
      next: `--workspace ID (it can be given several times), or --workspace all`,
    });
  }
  if (!all.some(({ workspaceId }) => workspaceId === stack)) throw noSuch(stack, all);
  return {
    stack,
    read: read.length > 0 ? [...new Set(read)] : [stack],
    mustBeSet: kept === undefined && all.length > 1,
  };
}

function idOf(asked: string, all: readonly Workspace[]): string {
  const matches = all.filter(({ workspaceId, name }) => workspaceId === asked || name === asked);
  if (matches.length === 1 && matches[0]) return matches[0].workspaceId;
  if (matches.length === 0) throw noSuch(asked, all);
  throw new UserError(`${matches.length} workspaces are named "${asked}"; say which by its id:\n${list(matches)}`);
}

function noSuch(asked: string, all: readonly Workspace[]): UserError {
  return new UserError(`This Airbyte has no workspace "${asked}". It has:\n${list(all)}`);
}

function list(workspaces: readonly Workspace[]): string {
  return workspaces.map(({ workspaceId, name }) => `    ${workspaceId}  ${name ?? ""}`.trimEnd()).join("\n");
}
