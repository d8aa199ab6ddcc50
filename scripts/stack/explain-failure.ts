// What to do after pulumi has failed, where its own words don't say it.
import { stackOption } from "../../errors/commands.ts";
import { askPulumi } from "./ask-pulumi.ts";
import { say } from "../setup/progress.mjs";
import { passphraseProblem, type OpenStack } from "./open-stack.ts";
import type { Project } from "./project.ts";
import { isLocked, stateFormat } from "./state.ts";
import { atLeast, pulumiStateFormat, pulumiVersion } from "../setup/versions.mjs";

export async function explainFailure(
  project: Project,
  stack: string,
  opened: OpenStack,
  { verb = "", interrupted }: { verb: string | undefined; interrupted: boolean },
): Promise<void> {
  const problem =
    lockedProblem(project, stack) ??
    (await newerState(project, stack, opened)) ??
    passphraseProblem(project, stack, opened.env);
  const next = interrupted
    ? "Interrupted: run the same command again to go on. What has been made is kept, and nothing is made twice."
    : "Next: mend what is named above and run the same command again. npm run doctor looks for the reason step by step.";
  if (problem) say(`\n${problem}`);
  else if (interrupted || ["up", "preview", "refresh", "destroy"].includes(verb)) say(`\n${next}`);
}

/** A sentence if another run, or what is left of one, keeps everybody else off the stack. */
export function lockedProblem(project: Project, stack: string): string | undefined {
  if (!isLocked(project, stack)) return undefined;
  const cancel = `npm run pulumi -- cancel${stackOption(stack)}`;
  return `The stack "${stack}" is locked: another run is under way; if none is: ${cancel}`;
}

async function newerState(project: Project, stack: string, opened: OpenStack): Promise<string | undefined> {
  const format = stateFormat(project, stack) ?? 0;
  if (format <= pulumiStateFormat) return undefined;
  const { stdout } = await askPulumi(project, opened, ["version"]);
  const version = stdout.trim().replace(/^v/, "");
  if (!atLeast(pulumiVersion, version)) return undefined; // a newer one on PATH, which may well read it
  return (
    `The state of the stack "${stack}" was written by a newer Pulumi (its format is ${format}; Pulumi ${version} reads up to ` +
    `${pulumiStateFormat}): install that Pulumi (https://www.pulumi.com/docs/install), and it is used here as soon as it is on PATH.`
  );
}
