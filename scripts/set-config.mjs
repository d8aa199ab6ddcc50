// Settings of a stack that the project's own commands make: plain ones in the tracked file, secrets where the stack keeps them.
import { askPulumi } from "./ask-pulumi.mjs";
import { configFileFor } from "./config-command.mjs";
import { tail } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";

/** Sets a value, a secret one encrypted. It goes over standard input: arguments can be read by every process of the machine. */
export async function setConfig(project, opened, key, value, secret = false) {
  // What looks like a secret by its name would be refused otherwise.
  const args = ["config", "set", key, secret ? "--secret" : "--plaintext"];
  const file = configFileFor(opened, { verb: "config", noun: "set", args });
  // Pulumi takes one newline away from the end.
  const { code, output } = await askPulumi(project, opened, [...args, ...file], `${value}\n`);
  if (code !== 0) throw new StopError(`${key} can't be set. Pulumi says: ${tail(output)}`);
}

/** Takes a plain setting away. */
export async function removeConfig(project, opened, key) {
  const { code, output } = await askPulumi(project, opened, ["config", "rm", key]);
  if (code !== 0) throw new StopError(`${key} can't be taken out of the settings. Pulumi says: ${tail(output)}`);
}
