// What `pulumi config …` and its like do to the two files that hold a stack's settings (see overlay.ts),
// and settings that the project's own commands make: plain ones in the tracked file, secrets where the stack keeps them.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, parseDocument } from "yaml";
import { UserError } from "../../errors/user-error.ts";
import { withLock } from "../setup/folders.mjs";
import { say } from "../setup/messages.mjs";
import { tail } from "../setup/process.mjs";
import { passphraseProblem, type OpenStack } from "./open-stack.ts";
import { lostKeys, readSettings, trackedFile } from "./overlay.ts";
import type { Project, StackSettings } from "./project.ts";
import type { PulumiCall } from "./pulumi-args.ts";
import { askPulumi, demandOfPulumi } from "./state.ts";

/** `["--config-file", overlay]`, where the stack's settings are not in the tracked file alone. */
export function settingsFile({ configFile }: Pick<OpenStack, "configFile">): string[] {
  return configFile === undefined ? [] : ["--config-file", configFile];
}

/** Pulumi's commands that know --config-file. */
const takeConfigFile = ["up", "preview", "refresh", "destroy", "import", "config"];

/** `["--config-file", overlay]`, or nothing where pulumi shall work on the tracked file. */
export function configFileFor(
  opened: Pick<OpenStack, "configFile">,
  { verb = "", noun = "", args }: Omit<PulumiCall, "stack">,
): string[] {
  if (!opened.configFile || !takeConfigFile.includes(verb)) return [];
  if (args.some((arg) => arg.startsWith("--config-file"))) return [];
  if (verb === "config" && ["env", "cp"].includes(noun)) return [];
  // secrets are set in the overlay, plain values in the tracked file
  if (verb === "config" && isSetter(noun) && !args.some((arg) => /^--secret(=true)?$/.test(arg))) return [];
  return ["--config-file", opened.configFile];
}

function isSetter(noun: string | undefined): boolean {
  return noun === "set" || noun === "set-all";
}

/** After a `config` command on the overlay: what the tracked file would bring back, or not let through, at the next run. */
export async function settleConfig(
  project: Project,
  stack: string,
  configFile: string,
  noun: string | undefined,
  runOnTracked: () => Promise<unknown>,
): Promise<void> {
  const tracked = readSettings(trackedFile(project, stack));
  const lost = lostKeys(tracked, readSettings(configFile));
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
export async function moveSecretsToTracked(
  project: Project,
  stack: string,
  opened: OpenStack,
  run: () => Promise<number>,
): Promise<number> {
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
function withOverlay(text: string, settings: StackSettings): string {
  const document = parseDocument(text);
  const old = (parse(text) ?? {}) as StackSettings;
  for (const [key, value] of Object.entries(settings.config ?? {})) {
    if (!isDeepStrictEqual(value, old.config?.[key])) document.setIn(["config", key], value);
  }
  if (settings.encryptionsalt) document.set("encryptionsalt", settings.encryptionsalt);
  return document.toString();
}

/** Sets a value, a secret one encrypted. It goes over standard input: arguments can be read by every process of the machine. */
export async function setConfig(
  project: Project,
  opened: Pick<OpenStack, "env" | "configFile">,
  key: string,
  value: string,
  secret = false,
): Promise<void> {
  // What looks like a secret by its name would be refused otherwise.
  const args = ["config", "set", secret ? "--secret" : "--plaintext", key];
  const file = configFileFor(opened, { verb: "config", noun: "set", args });
  // Pulumi takes one newline away from the end.
  const { code, output } = await askPulumi(project, opened, [...args, ...file], `${value}\n`);
  if (code === 0) return;
  const problem = passphraseProblem(project, opened.env.PULUMI_STACK ?? "", opened.env);
  throw new UserError(problem ?? `${key} can't be set. Pulumi says: ${tail(output)}`);
}

/** Takes a plain setting away. */
export async function removeConfig(project: Project, opened: OpenStack, key: string): Promise<void> {
  const otherwise = `${key} can't be taken out of the settings.`;
  await demandOfPulumi(project, opened, ["config", "rm", key], { otherwise });
}

/** The secrets of the pipelines.yaml that this project comes with. */
export const sampleSecrets = ["googleServiceAccount", "warehousePassword"];

/**
 * On the embedded Airbyte, a trial, secrets that the pipelines use and that have no value yet get a random one, so that the first
 * `npm start` needs no account anywhere. Only in the overlay: settings that a user manages are not ours to fill.
 *
 * Once there is something to lose, a name without a value is more likely a slip, for which the program names the nearest: so after the
 * first use `up` fills the sample's names only, and `preview`, which should write nothing, none at all.
 */
export async function fillPlaceholders(
  project: Project,
  opened: Pick<OpenStack, "env" | "settings" | "configFile">,
  verb: string | undefined,
  firstUse: boolean,
): Promise<void> {
  const { configFile } = opened;
  if (configFile === undefined || !(verb === "up" || (verb === "preview" && firstUse))) return;
  const mayFill = (name: string) => (verb === "up" && firstUse) || sampleSecrets.includes(name);
  const missingIn = async (settings: StackSettings) => (await missingSecrets(project, settings)).filter(mayFill);
  if ((await missingIn(opened.settings)).length === 0) return;
  await withLock(join(dirname(configFile), "lock"), async () => {
    const missing = await missingIn(readSettings(configFile)); // another run may have been faster
    for (const name of missing) await setConfig(project, opened, name, newPlaceholder(), true);
    if (missing.length === 0) return;
    say(`Filled with random placeholders, since they have no value yet: ${missing.join(", ")}. The real ones:`);
    for (const name of missing) say(`  npm run pulumi -- config set --secret ${name}`);
  });
}

async function missingSecrets(project: Project, settings: StackSettings): Promise<string[]> {
  const { secretNames } = await import("../../declaration/names.ts");
  const config = settings.config ?? {};
  try {
    const names = secretNames(project.dir, config[`${project.name}:pipelines`] as string | undefined);
    return names.filter((name) => config[name.includes(":") ? name : `${project.name}:${name}`] === undefined);
  } catch {
    return []; // mistakes in the pipelines: the program itself reports them, all at once
  }
}

const START = "placeholder-";

/** A secret that opens nothing, for a trial that needs no account anywhere. */
export function newPlaceholder(): string {
  return START + randomBytes(12).toString("hex");
}

export function isPlaceholder(value: string): boolean {
  return /^[0-9a-f]{24}$/.test(value.startsWith(START) ? value.slice(START.length) : "");
}
