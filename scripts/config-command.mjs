// What `pulumi config …` and its like do to the two files that hold a stack's settings (see setup/overlay.mjs).
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, parseDocument } from "yaml";
import { lostKeys, readSettings, trackedFile } from "./setup/overlay.mjs";
import { say } from "./setup/progress.mjs";

/** Pulumi's commands that know --config-file. */
const takeConfigFile = ["up", "preview", "refresh", "destroy", "import", "config"];

/** `["--config-file", overlay]`, or nothing where pulumi shall work on the tracked file. */
export function configFileFor(opened, { verb, noun, args }) {
  if (!opened.configFile || !takeConfigFile.includes(verb)) return [];
  if (args.some((arg) => arg.startsWith("--config-file"))) return [];
  if (verb === "config" && ["env", "cp"].includes(noun)) return [];
  // secrets are set in the overlay, plain values in the tracked file
  if (verb === "config" && isSetter(noun) && !args.some((arg) => /^--secret(=true)?$/.test(arg))) return [];
  return ["--config-file", opened.configFile];
}

function isSetter(noun) {
  return noun === "set" || noun === "set-all";
}

/** After a `config` command on the overlay: what the tracked file would bring back, or not let through, at the next run. */
export async function settleConfig(project, stack, opened, { noun }, runOnTracked) {
  const tracked = readSettings(trackedFile(project, stack));
  const lost = lostKeys(tracked, readSettings(opened.configFile));
  if (lost.length === 0) return;

  if (noun?.startsWith("rm") || noun?.startsWith("remove")) await runOnTracked();
  if (!isSetter(noun)) return;
  for (const key of lost) {
    const plain = key in (tracked.config ?? {});
    say(
      plain
        ? `${key} is not secret yet: ${basename(trackedFile(project, stack))} has a plain value for it, and that one counts. Remove it there and set the secret again.`
        : `${key} was not kept: set plain values in a call without --secret.`,
    );
  }
}

/**
 * `stack change-secrets-provider` encrypts the secrets of the tracked file anew, and from then on they are the team's and belong into
 * git: so they go there first. Without success everything is as before.
 */
export async function moveSecretsToTracked(project, stack, opened, run) {
  if (!opened.configFile) return run();
  const file = trackedFile(project, stack);
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  writeFileSync(file, withOverlay(before ?? "", opened.settings));
  const code = await run();
  if (code === 0) rmSync(opened.configFile);
  else if (before !== undefined) writeFileSync(file, before);
  else rmSync(file);
  return code;
}

/** The text of a settings file with what differs in `settings`; comments stay. */
function withOverlay(text, settings) {
  const document = parseDocument(text);
  const old = parse(text) ?? {};
  for (const [key, value] of Object.entries(settings.config ?? {})) {
    if (!isDeepStrictEqual(value, old.config?.[key])) document.setIn(["config", key], value);
  }
  if (settings.encryptionsalt) document.set("encryptionsalt", settings.encryptionsalt);
  return document.toString();
}
