// Pulumi out of sight: for what the project's own commands have to know of a stack, or to set in it.
import { keepTracked } from "./setup/keep-tracked.mjs";
import { quietly, tail } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";

/** Runs pulumi on an opened stack and resolves with exit code and output. `input` goes to its standard input. */
export function askPulumi(project, opened, args, input) {
  return quietly("pulumi", [...args, "--non-interactive"], { env: opened.env, cwd: project.dir, input });
}

/** `["--config-file", overlay]`, where the stack's settings are not in the tracked file alone. */
export function settingsFile(opened) {
  return opened.configFile ? ["--config-file", opened.configFile] : [];
}

/** The state of a stack as Pulumi exports it, secrets encrypted. */
export async function exportState(project, opened) {
  const { code, stdout, output } = await askPulumi(project, opened, ["stack", "export"]);
  if (code !== 0) throw new StopError(`The state of the stack can't be read. Pulumi says: ${tail(output)}`);
  return JSON.parse(stdout);
}

/** Puts such a state in the place of the stack's. */
export async function importInto(project, opened, state) {
  const { code, output } = await keepTracked(project.dir, () =>
    askPulumi(project, opened, ["stack", "import"], JSON.stringify(state)),
  );
  if (code !== 0)
    throw new StopError(`Nothing was changed: the state could not be imported. Pulumi says: ${tail(output)}`);
}

/** The resources of a stack, as its state has them. */
export async function readResources(project, opened) {
  return (await exportState(project, opened)).deployment.resources ?? [];
}
