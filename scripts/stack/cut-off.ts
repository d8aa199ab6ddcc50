// `fast: true`: Pulumi writes a stack's state once, at the end of a run, in place of twice for every resource. What a run that was cut
// off has made, the provider's journal knows; what it has changed and deleted, a refresh before the next run finds.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { say } from "../setup/progress.mjs";
import { StopError } from "../setup/stop.mjs";
import { backendFolder, stackFolder, type Project, type StackSettings } from "./project.ts";
import { writingVerbs, type PulumiCall } from "./pulumi-args.ts";
import { resourcesOf } from "./state.ts";

/** What a run needs beside the usual. */
export interface FastRun {
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Is called once it has ended with 0. */
  settle(this: void): void;
}

const none: FastRun = { args: [], env: {}, settle: () => undefined };

/** What a run of a stack needs that is, or was, a fast one. */
export function fastRun(
  project: Project,
  stack: string,
  settings: StackSettings,
  { verb = "", args }: Pick<PulumiCall, "verb" | "args">,
): FastRun {
  const unfinished = join(stackFolder(project, stack, settings), "unfinished-run");
  const wasCutOff = existsSync(unfinished);
  const fast = String(settings.config?.[`${project.name}:fast`]) === "true";
  const writes = writingVerbs.includes(verb) && !args.includes("--preview-only");
  if (!wasCutOff && !(fast && writes)) return none;

  if (fast && writes) {
    requireSafe(project, stack);
    mkdirSync(dirname(unfinished), { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, "", { mode: 0o600 });
  }
  return {
    args: wasCutOff ? reading(verb, args) : [],
    env: fast && writes ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {},
    settle: () => {
      if (writes) rmSync(unfinished, { force: true });
    },
  };
}

function reading(verb: string, args: readonly string[]): string[] {
  if (!["up", "preview", "destroy"].includes(verb)) return [];
  say("A run was cut off before Pulumi could write the state: what is in Airbyte is read first.");
  return args.some((arg) => /^(--refresh|-r)(=|$)/.test(arg)) ? [] : ["--refresh"];
}

/** The journal is on this machine, and knows Airbyte's objects alone. */
function requireSafe(project: Project, stack: string): void {
  const off = "npm run pulumi -- config set fast false";
  if (!backendFolder(project)) {
    throw new StopError(
      `fast: true needs a state on this machine (file://…): a run that is cut off can be repaired only here. Next step: ${off}`,
      2,
    );
  }
  const other = (resourcesOf(project, stack) ?? []).find(({ type }) => !isOfAirbyte(type));
  if (other) {
    throw new StopError(
      `fast: true is for stacks that hold resources of Airbyte alone, and this one has a ${other.type}, which would be lost if the run were cut off. Next step: ${off}`,
      2,
    );
  }
}

function isOfAirbyte(type: string): boolean {
  return /^(pulumi:pulumi:Stack(Reference)?|pulumi:providers:pulumi-nodejs|pulumi-nodejs:dynamic\/airbyte:\w+)$/.test(
    type,
  );
}
