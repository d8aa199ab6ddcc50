// Settings of a stack that the project's own commands make: plain ones in the tracked file, secrets where the stack keeps them.
import { askPulumi } from "./ask-pulumi.mjs";
import { configFileFor } from "./config-command.mjs";
import { tail } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";

/** `words`: the key, and `--secret`. The value goes over standard input: arguments can be read by every process of the machine. */
export async function setConfig(project, opened, words, value) {
  const args = ["config", "set", ...words];
  const file = configFileFor(opened, { verb: "config", noun: "set", args });
  const { code, output } = await askPulumi(project, opened, [...args, ...file], value);
  if (code !== 0) throw new StopError(`${words[0]} can't be set. Pulumi says: ${tail(output)}`);
}

/** Takes a plain setting away. */
export async function removeConfig(project, opened, key) {
  const { code, output } = await askPulumi(project, opened, ["config", "rm", key]);
  if (code !== 0) throw new StopError(`${key} can't be taken out of the settings. Pulumi says: ${tail(output)}`);
}
