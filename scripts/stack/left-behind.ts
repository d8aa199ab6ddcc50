// What earlier runs have left behind: objects in Airbyte that the provider's journal knows and the state doesn't, and resources in the state
// that don't name their code (providers/without-code.ts tells what that is).
import { join } from "node:path";
import { isWithoutCode, nameCode } from "../../providers/without-code.ts";
import { exportState, importInto, readResources } from "./ask-pulumi.ts";
import type { OpenStack } from "./open-stack.ts";
import { say } from "../setup/progress.mjs";
import { backendFolder, stackFolder, type Project } from "./project.ts";
import { resourcesOf } from "./state.ts";

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
