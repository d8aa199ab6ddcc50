import { askPulumi, settingsFile } from "./ask-pulumi.mjs";
import { tail } from "./setup/process.mjs";
import { shortName } from "./setup/project.mjs";
import { passphraseProblem } from "./setup/stack.mjs";

/**
 * The settings of an opened stack, secrets in plain text, by way of a pipe; and what the stack has kept of its Airbyte. Where they
 * can't be read, `problem` says why.
 */
export async function readFacts(project, stack, opened) {
  const shown = await askPulumi(project, opened, ["config", "--show-secrets", "--json", ...settingsFile(opened)]);
  if (shown.code !== 0) {
    return { problem: passphraseProblem(project, stack, opened.env) ?? `Pulumi says: ${tail(shown.output)}` };
  }
  const outputs = await askPulumi(project, opened, ["stack", "output", "--json"]);
  const { workspaceId: keptWorkspaceId, airbyteUrl: keptUrl } = outputs.code === 0 ? JSON.parse(outputs.stdout) : {};
  return { project: project.name, stack: shortName(stack), values: JSON.parse(shown.stdout), keptWorkspaceId, keptUrl };
}
