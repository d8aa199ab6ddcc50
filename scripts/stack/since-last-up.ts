// Pulumi's refresh and destroy don't run the program: its provider then gets the settings of the last `up`, with credentials that may be
// refused by now.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { say } from "../setup/messages.mjs";
import type { PulumiCall } from "./pulumi-args.ts";
import { stackFolder, type Project, type StackSettings } from "./project.ts";

/** An `up` has ended well. */
export function noteUp(project: Project, stack: string, settings: StackSettings): void {
  const note = noteIn(project, stack, settings);
  mkdirSync(dirname(note), { recursive: true, mode: 0o700 });
  writeFileSync(note, digestOf(settings), { mode: 0o600 });
}

/**
 * What a refresh or destroy needs to use the settings of now. Only on the target `existing`: an Airbyte that the stack sets up itself
 * lets it in by settings that don't change without an `up`.
 */
export function withSettingsOfNow(
  project: Project,
  stack: string,
  settings: StackSettings,
  { verb = "", args, target }: Pick<PulumiCall, "verb" | "args"> & { target: string },
): string[] {
  if (target !== "existing" || !["refresh", "destroy"].includes(verb)) return [];
  if (args.some((arg) => /^--run-program(=|$)/.test(arg))) return [];
  if (areOfLastUp(project, stack, settings) !== false) return [];
  say(
    "The stack's settings have changed since the last npm start, so the program is run for those of now (--run-program; without it: --run-program=false).",
  );
  return ["--run-program"];
}

/** Whether the settings are those of the last `up` from this machine; undefined where nobody knows. */
function areOfLastUp(project: Project, stack: string, settings: StackSettings): boolean | undefined {
  const note = noteIn(project, stack, settings);
  return existsSync(note) ? readFileSync(note, "utf8") === digestOf(settings) : undefined;
}

function noteIn(project: Project, stack: string, settings: StackSettings): string {
  return join(stackFolder(project, stack, settings), "settings-of-last-up");
}

// Secrets are in it as they are encrypted, anew whenever one is set.
function digestOf({ config = {} }: StackSettings): string {
  return createHash("sha256").update(JSON.stringify(config)).digest("base64url");
}
