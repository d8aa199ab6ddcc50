// `fast: true`: Pulumi writes a stack's state once, at the end of a run, in place of twice for every resource. What a run that was cut
// off has made, the provider's journal knows; what it has changed and deleted, a refresh before the next run finds.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../errors/user-error.ts";
import { isWithoutCode, nameCode } from "../../providers/without-code.ts";
import { say } from "../setup/messages.mjs";
import type { OpenStack } from "./open-stack.ts";
import { backendFolder, stackFolder, type Project, type StackSettings } from "./project.ts";
import { writingVerbs, type PulumiCall } from "./pulumi-args.ts";
import { exportState, importInto, readResources, resourcesOf } from "./state.ts";

/** What a run needs beside the usual. */
interface FastRun {
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
    throw new UserError(
      `fast: true needs a state on this machine (file://…): a run that is cut off can be repaired only here.`,
      { next: off, exitCode: 2 },
    );
  }
  const other = (resourcesOf(project, stack) ?? []).find(({ type }) => !isOfAirbyte(type));
  if (other) {
    throw new UserError(
      `fast: true is for stacks that hold resources of Airbyte alone, and this one has a ${other.type}, which would be lost if the run were cut off.`,
      { next: off, exitCode: 2 },
    );
  }
}

function isOfAirbyte(type: string): boolean {
  return /^(pulumi:pulumi:Stack(Reference)?|pulumi:providers:pulumi(-nodejs)?|pulumi-nodejs:dynamic\/airbyte:\w+)$/.test(
    type,
  );
}

// What runs that were cut off have left behind: objects in Airbyte that the provider's journal knows and the state doesn't, and resources in
// the state that don't name their code (providers/without-code.ts tells what that is).

/**
 * Names, after a run that has ended well, what runs that were cut off have made and the stack no longer declares; what the state holds is
 * confirmed in the journal.
 */
export async function tellWhatIsLeft(
  project: Project,
  stack: string,
  opened: Pick<OpenStack, "env" | "settings">,
  target: string,
): Promise<void> {
  const { Intents } = await import("../../providers/airbyte/lifecycle/intents.ts");
  const { hasData } = await import("../../embedded/index.ts");
  const folder = stackFolder(project, stack, opened.settings);
  // An embedded Airbyte that was destroyed has taken everything along.
  if (target === "embedded" && !hasData(join(folder, "embedded"))) return;
  const intents = new Intents(join(folder, "intents.jsonl"));
  const unconfirmed = intents.unconfirmed().filter(({ told }) => !told);
  if (unconfirmed.length === 0) return;

  const resources = resourcesOf(project, stack) ?? (await readResources(project, opened));
  const known = new Set(resources.map(({ id }) => id));
  const isKnown = ({ id }: { id?: string | undefined }) => id !== undefined && known.has(id);
  await Promise.all(unconfirmed.filter(isKnown).map(({ id = "" }) => intents.confirm(id)));
  const left = unconfirmed.filter((intent) => !isKnown(intent));
  if (left.length === 0) return;
  const lines = left.map(({ kind, name, id }) => `  ${kind} "${name}" ${id ?? "(perhaps)"}`);
  say(`Airbyte holds what a run that was cut off has made, and the stack no longer declares:\n${lines.join("\n")}`);
  say("Declare it again and npm start takes it over, or delete it in Airbyte. This is said once.");
  await Promise.all(left.map((intent) => intents.tell(intent)));
}

/** Mends the stack's state where it needs that, and resolves with whether it did. Asks Pulumi for it only where the state isn't at hand. */
export async function mendState(project: Project, stack: string, opened: OpenStack): Promise<boolean> {
  if (backendFolder(project) && !resourcesOf(project, stack)?.some(isWithoutCode)) return false;
  const state = await exportState(project, opened);
  const mended = nameCode(state);
  if (mended === 0) return false;
  await importInto(project, opened, state);
  say(
    `Mended the stack's state: an earlier version left ${mended} half made that nothing could be done with any more.`,
  );
  return true;
}
