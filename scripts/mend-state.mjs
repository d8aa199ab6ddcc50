// A state in which a resource doesn't name its code is mended before Pulumi meets it (providers/without-code.ts tells what that is).
import { isWithoutCode, nameCode } from "../providers/without-code.ts";
import { exportState, importInto } from "./ask-pulumi.mjs";
import { say } from "./setup/progress.mjs";
import { backendFolder } from "./setup/project.mjs";
import { resourcesOf } from "./setup/state.mjs";

/** Mends the stack's state where it needs that, and resolves with whether it did. Asks Pulumi for it only where the state isn't at hand. */
export async function mendState(project, stack, opened) {
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
