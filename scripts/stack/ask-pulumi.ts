// Pulumi out of sight: for what the project's own commands have to know of a stack, or to set in it.
import { quietly, tail } from "../setup/process.mjs";
import { StopError } from "../setup/stop.mjs";
import { keepTracked } from "./keep-tracked.ts";
import type { OpenStack } from "./open-stack.ts";
import type { Project } from "./project.ts";
import type { StateResource } from "./state-resources.ts";

/** A stack's state as `pulumi stack export` has it, secrets encrypted. */
export interface ExportedState {
  deployment: {
    resources?: StateResource[];
    pending_operations?: unknown[];
    secrets_providers?: { type?: string };
  };
}

type Asked = Pick<OpenStack, "env">;

/** Runs pulumi on an opened stack and resolves with exit code and output. `input` goes to its standard input. */
export function askPulumi(project: Pick<Project, "dir">, opened: Asked, args: readonly string[], input?: string) {
  return quietly("pulumi", [...args, "--non-interactive"], {
    env: opened.env,
    cwd: project.dir,
    ...(input !== undefined && { input }),
  });
}

/** `["--config-file", overlay]`, where the stack's settings are not in the tracked file alone. */
export function settingsFile({ configFile }: Pick<OpenStack, "configFile">): string[] {
  return configFile === undefined ? [] : ["--config-file", configFile];
}

/** The state of a stack as Pulumi exports it, secrets encrypted. */
export async function exportState(project: Project, opened: Asked): Promise<ExportedState> {
  const { code, stdout, output } = await askPulumi(project, opened, ["stack", "export"]);
  if (code !== 0) throw new StopError(`The state of the stack can't be read. Pulumi says: ${tail(output)}`);
  return JSON.parse(stdout) as ExportedState;
}

/** Puts such a state in the place of the stack's. */
export async function importInto(project: Project, opened: Asked, state: ExportedState): Promise<void> {
  const { code, output } = await keepTracked(project.dir, () =>
    askPulumi(project, opened, ["stack", "import"], JSON.stringify(state)),
  );
  if (code !== 0)
    throw new StopError(`Nothing was changed: the state could not be imported. Pulumi says: ${tail(output)}`);
}

/** The resources of a stack, as its state has them. */
export async function readResources(project: Project, opened: Asked): Promise<StateResource[]> {
  return (await exportState(project, opened)).deployment.resources ?? [];
}
