// What the project's own commands know of a stack before they look at its Airbyte: settings, secrets in plain text, outputs.
import { askPulumi, settingsFile } from "./ask-pulumi.mjs";
import { tail } from "./setup/process.mjs";
import { shortName } from "./setup/project.mjs";
import { passphraseProblem } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";

/**
 * The facts of an opened stack, over a pipe. Secrets are in plain text in them: nothing of that may be shown.
 *
 * @throws StopError where the settings can't be read
 */
export async function stackFacts(project, stack, opened) {
  const shown = await askPulumi(project, opened, ["config", "--show-secrets", "--json", ...settingsFile(opened)]);
  if (shown.code !== 0) {
    const problem = passphraseProblem(project, stack, opened.env) ?? `Pulumi says: ${tail(shown.output)}`;
    throw new StopError(`The settings of ${stack} can't be read.\n${problem}`);
  }
  const values = JSON.parse(shown.stdout);
  const { workspaceId: keptWorkspaceId, airbyteUrl } = await outputsOf(project, opened, stack);
  const platform = values[`${project.name}:platform`]?.value;
  const keptUrl = airbyteUrl ?? (platform && (await outputsOf(project, opened, platform)).airbyteUrl);
  return {
    project: project.name,
    stack: shortName(stack),
    values,
    keptWorkspaceId,
    keptUrl,
    fillsSecrets: opened.configFile !== undefined && isEmbedded(project, values),
  };
}

async function outputsOf(project, opened, stack) {
  const outputs = await askPulumi(project, opened, ["stack", "output", "--json", "--stack", stack]);
  return outputs.code === 0 ? JSON.parse(outputs.stdout) : {};
}

/** Whether settings, as `pulumi config --json` shows them, name the default target. */
export function isEmbedded(project, values) {
  return (values[`${project.name}:target`]?.value || "embedded") === "embedded";
}
