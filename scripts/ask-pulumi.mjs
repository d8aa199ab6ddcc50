// Pulumi out of sight: for what the project's own commands have to know of a stack, or to set in it.
import { quietly } from "./setup/process.mjs";

/** Runs pulumi on an opened stack and resolves with exit code and output. `input` goes to its standard input. */
export function askPulumi(project, opened, args, input) {
  return quietly("pulumi", [...args, "--non-interactive"], { env: opened.env, cwd: project.dir, input });
}

/** `["--config-file", overlay]`, where the stack's settings are not in the tracked file alone. */
export function settingsFile(opened) {
  return opened.configFile ? ["--config-file", opened.configFile] : [];
}
