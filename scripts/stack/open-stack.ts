// The stack, its passphrase and its settings; no tracked file is changed by any of it.
import { createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { defaultStack, UserError } from "../../errors/user-error.ts";
import { localFolder, withLock } from "../setup/folders.mjs";
import { causeOf, say } from "../setup/messages.mjs";
import { quietly, tail } from "../setup/process.mjs";
import { isManagedByUser, overlayFile, readSettings, trackedFile, writeOverlay } from "./overlay.ts";
import {
  absoluteBackendUrl,
  backendFolder,
  backendInWords,
  shortName,
  stateFile,
  type Project,
  type StackSettings,
} from "./project.ts";
import { stackNames, stateSalt } from "./state.ts";

/** A stack that can be worked on. */
export interface OpenStack {
  /** The environment for pulumi, with the stack and its passphrase. */
  env: NodeJS.ProcessEnv;
  /** Those in force. */
  settings: StackSettings;
  /** The file that holds them, if it is not the tracked one. */
  configFile?: string | undefined;
  isNew: boolean;
}

/**
 * Makes sure that the stack exists (with `create`; else a missing one ends the run) and that its settings are at hand. `env` is the
 * environment for pulumi.
 */
export async function openStack(
  project: Project,
  stack: string,
  env: NodeJS.ProcessEnv,
  { create }: { create: boolean },
): Promise<OpenStack> {
  const folder = localFolder(project.dir, shortName(stack));
  return withLock(join(folder, "lock"), async () => {
    const exists = await stackExists(project, stack, env);
    if (!exists && !create) throw new UserError(noStack(project, stack, await stackNames(project, env)));
    const stackEnv = { ...env, PULUMI_STACK: stack, ...passphraseEnv(project, env, !exists) };
    const newSalt = exists ? undefined : await createStack(project, stack, stackEnv);

    const tracked = readSettings(trackedFile(project, stack));
    if (isManagedByUser(tracked)) return { env: stackEnv, settings: tracked, configFile: undefined, isNew: !exists };
    const { file, settings } = writeOverlay(project, stack, newSalt);
    return { env: stackEnv, settings, configFile: file, isNew: !exists };
  });
}

function noStack(project: Project, stack: string, others: readonly string[]): string {
  const list = others.length > 0 ? ` (there are: ${others.join(", ")})` : "";
  const commands = `${npmStart(stack)}, or empty: npm run pulumi -- stack init ${stack} --no-select`;
  return `There is no stack "${stack}" in ${backendInWords(project)}${list}. To make it: ${commands}`;
}

/** How a stack is brought up, for people. */
export function npmStart(stack: string): string {
  return stack === defaultStack() ? "npm start" : `npm start -- --stack ${stack}`;
}

/** A look into the folder of a file backend; elsewhere one question to pulumi, whose "yes" is remembered. */
export async function stackExists(project: Project, stack: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  if (backendFolder(project)) return stateFile(project, stack) !== undefined;

  const note = join(localFolder(project.dir, shortName(stack)), "exists-on");
  const address = `${project.backendUrl ?? ""} ${stack}\n`;
  if (project.backendUrl && existsSync(note) && readFileSync(note, "utf8") === address) return true;

  const args = ["stack", "--stack", stack, "--show-name", "--non-interactive"];
  const asked = await quietly("pulumi", args, { env, cwd: project.dir });
  if (asked.code === 0) writeFileSync(note, address);
  else if (!asked.output.includes("no stack named")) {
    const start = `Could not ask ${backendInWords(project)} for the stack "${stack}".`;
    throw new UserError(`${start} ${pulumiSays(asked.output, stack, env)}`);
  }
  return asked.code === 0;
}

/** Pulumi's own words, and what may be behind them. */
function pulumiSays(output: string, stack: string, { PULUMI_BACKEND_URL: url }: NodeJS.ProcessEnv): string {
  const backend = "PULUMI_BACKEND_URL is set in your environment; without it the state is kept beside the project.";
  const name = "The stack's name comes from PULUMI_STACK in your environment.";
  const causes = [causeOf(output), url && backend, process.env.PULUMI_STACK === stack && name];
  return ["Pulumi says:", tail(output), ...causes].filter(Boolean).join("\n\n");
}

/** Makes the stack, and selects it if it is the first. Returns its salt. */
async function createStack(project: Project, stack: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const salt = await initStack(project, stack, env);
  // a plain `pulumi up` then works on it
  if (!env.AIRBYTE_SELECTED_STACK)
    await quietly("pulumi", ["stack", "select", stack, "--non-interactive"], { env, cwd: project.dir });
  say(`Made the stack "${stack}" in ${backendInWords(project)}.`);
  return salt;
}

/**
 * `pulumi stack init` writes a salt into the settings file of the project it runs in and can't be told otherwise: so it runs in a copy
 * of the project's bare bones. Returns that salt.
 */
export async function initStack(project: Project, stack: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const state = backendFolder(project);
  if (state) mkdirSync(state, { recursive: true });
  const copy = mkdtempSync(join(tmpdir(), "airbyte-on-pulumi-"));
  try {
    const settingsFile = join(copy, basename(trackedFile(project, stack)));
    copyFileSync(project.file, join(copy, "Pulumi.yaml"));
    const tracked = readSettings(trackedFile(project, stack));
    if (isManagedByUser(tracked)) copyFileSync(trackedFile(project, stack), settingsFile);

    const provider = tracked.secretsprovider ? ["--secrets-provider", tracked.secretsprovider] : [];
    const args = ["stack", "init", stack, "--no-select", "--non-interactive", ...provider];
    const url = absoluteBackendUrl(project);
    const made = await quietly("pulumi", args, { env: { ...env, ...(url && { PULUMI_BACKEND_URL: url }) }, cwd: copy });
    if (made.code !== 0)
      throw new UserError(`The stack "${stack}" could not be made. ${pulumiSays(made.output, stack, env)}`);
    return readSettings(settingsFile).encryptionsalt;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** A sentence if the stack was made with the generated passphrase and that one is gone: nothing can be done with the stack then. */
export function lostPassphrase(project: Project, stack: string, env: NodeJS.ProcessEnv): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE) return undefined;
  if (passphraseEnv(project, env, false).PULUMI_CONFIG_PASSPHRASE_FILE) return undefined;
  // a salt in the tracked file is plain Pulumi's: its user has a passphrase of their own, and pulumi asks for it
  if (readSettings(trackedFile(project, stack)).encryptionsalt || !stateSalt(project, stack)) return undefined;
  return (
    `The secrets of the stack "${stack}" can't be read any more without .airbyte/passphrase, which is gone: put the file back ` +
    `(or set PULUMI_CONFIG_PASSPHRASE, if the stack was made with a passphrase of your own), or start afresh with ` +
    `npm run pulumi -- stack rm ${stack} --force --yes --preserve-config and then ${npmStart(stack)}`
  );
}

/** After pulumi failed: a sentence if the passphrase is the reason, else undefined. */
export function passphraseProblem(project: Project, stack: string, env: NodeJS.ProcessEnv): string | undefined {
  const lost = lostPassphrase(project, stack, env);
  if (lost) return lost;
  const known = [readSettings(overlayFile(project, stack)).encryptionsalt, stateSalt(project, stack)];
  const salts = known.filter((salt) => salt !== undefined);
  const passphrase = passphraseOf(env);
  const variables = "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE";
  if (salts.length === 0 || (passphrase !== undefined && salts.every((salt) => passphraseFits(passphrase, salt)))) {
    return undefined;
  }
  const start = `The stack "${stack}" was made with another passphrase than the one that is set now`;
  const missing = `The stack "${stack}" has a passphrase, and none is set now`;
  return (
    `${passphrase === undefined ? missing : start}: set ${variables} to the right one ` +
    `(npm start keeps a generated one in .airbyte/passphrase), or begin with a new stack: npm start -- --stack NAME`
  );
}

function passphraseFile(project: Pick<Project, "dir">): string {
  return join(localFolder(project.dir), "passphrase");
}

/**
 * The environment variables by which pulumi learns the passphrase: the user's own if there are any, else the file in `.airbyte/`,
 * generated if `mayGenerate`. Nothing where neither exists: pulumi then asks, or says which variables it wants.
 */
export function passphraseEnv(
  project: Pick<Project, "dir">,
  env: NodeJS.ProcessEnv,
  mayGenerate: boolean,
): { PULUMI_CONFIG_PASSPHRASE_FILE?: string } {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE) return {};
  const file = passphraseFile(project);
  if (!existsSync(file)) {
    if (!mayGenerate) return {};
    generate(file);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** Of two runs that generate at the same time, the first to put its file in place wins and both use that one. */
function generate(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

/** The passphrase that pulumi is given by `env`; undefined if none. */
function passphraseOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined) return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  return file && existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/**
 * Whether a salt of pulumi's (`v1:SALT:v1:NONCE:TEXT`, all base64) was made with this passphrase. The salt carries a known word
 * ("pulumi"), encrypted with AES-256-GCM by a key that PBKDF2 derives in a million rounds; that takes half a second, so it is asked
 * only after a failure.
 */
export function passphraseFits(passphrase: string, encryptionSalt: string): boolean {
  const part = (index: number) => Buffer.from(encryptionSalt.split(":")[index] ?? "", "base64");
  const [salt, nonce, text] = [part(1), part(3), part(4)];
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAuthTag(text.subarray(-16));
  try {
    return Buffer.concat([decipher.update(text.subarray(0, -16)), decipher.final()]).toString() === "pulumi";
  } catch {
    return false;
  }
}
