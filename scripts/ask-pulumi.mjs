// Pulumi out of sight: for what the project's own commands have to know of a stack, or to set in it.
import { configFileFor } from "./config-command.mjs";
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

/** Sets a value in the stack's settings, a secret encrypted. It goes by standard input: arguments can be read by every process. */
export async function setConfig(project, opened, key, value, secret = false) {
  // What looks like a secret by its name would be refused otherwise.
  const args = ["config", "set", key, secret ? "--secret" : "--plaintext"];
  const file = configFileFor(opened, { verb: "config", noun: "set", args });
  // Pulumi takes one newline away from the end.
  const { code, output } = await askPulumi(project, opened, [...args, ...file], `${value}\n`);
  if (code !== 0) throw new StopError(`${key} can't be set. Pulumi says: ${tail(output)}`);
}
