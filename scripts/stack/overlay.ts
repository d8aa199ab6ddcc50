// The settings of a stack are in a tracked file, Pulumi.<stack>.yaml. Its secrets, and the salt that belongs to this machine's
// passphrase, are not: they live in an overlay, .airbyte/<stack>/Pulumi.<stack>.yaml, that pulumi gets by --config-file.
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { UserError } from "../../errors/user-error.ts";
import { localFolder } from "../setup/folders.mjs";
import { shortName, stackFolder, type Project, type StackSettings } from "./project.ts";

export function trackedFile(project: Pick<Project, "dir">, stack: string): string {
  return join(project.dir, `Pulumi.${shortName(stack)}.yaml`);
}

export function overlayFile(project: Pick<Project, "dir">, stack: string): string {
  return join(localFolder(project.dir, shortName(stack)), `Pulumi.${shortName(stack)}.yaml`);
}

export function readSettings(file: string): StackSettings {
  if (!existsSync(file)) return {};
  try {
    return (parse(readFileSync(file, "utf8")) ?? {}) as StackSettings;
  } catch (error) {
    throw new UserError(`${file} is not valid YAML: ${(error as Error).message}`);
  }
}

/** The folder that this machine keeps for a stack, where nothing but its tracked settings is known. */
export function trackedStackFolder(project: Project, stack: string): string {
  return stackFolder(project, stack, readSettings(trackedFile(project, stack)));
}

/** Someone who keeps encrypted values or a key of a team's in the tracked file manages its secrets there: no overlay then. */
export function isManagedByUser(tracked: StackSettings): boolean {
  return Boolean(tracked.secretsprovider ?? tracked.encryptedkey) || hasSecret(tracked.config);
}

/** The tracked settings, plus the salt and the secrets that only this machine has. Plain values always come from the tracked file. */
export function mergeSettings(tracked: StackSettings, local: StackSettings, newSalt?: string): StackSettings {
  const salt = local.encryptionsalt ?? newSalt ?? tracked.encryptionsalt;
  const config = mergeValue(tracked.config, local.config) as StackSettings["config"];
  return { ...tracked, ...(config && { config }), ...(salt && { encryptionsalt: salt }) };
}

function mergeValue(tracked: unknown, local: unknown): unknown {
  if (tracked === undefined || tracked === null) return onlySecrets(local);
  if (isSecret(tracked) || isSecret(local)) return tracked;
  if (Array.isArray(tracked) && Array.isArray(local)) {
    const added: unknown[] = local.slice(tracked.length).filter(hasSecret);
    return [...tracked.map((item, index) => mergeValue(item, local[index])), ...added];
  }
  if (!isMap(tracked) || !isMap(local)) return tracked;
  const merged = { ...tracked };
  for (const [key, value] of Object.entries(local)) {
    const kept = mergeValue(tracked[key], value);
    if (kept !== undefined) merged[key] = kept;
  }
  return merged;
}

/** A list is kept whole if it holds a secret: its items have no other name than their place. */
function onlySecrets(value: unknown): unknown {
  if (!hasSecret(value)) return undefined;
  if (!isMap(value) || isSecret(value)) return value;
  const kept = Object.entries(value).map(([key, inner]) => [key, onlySecrets(inner)] as const);
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An encrypted value in a stack's settings: `{secure: "v1:…"}`. */
function isSecret(value: unknown): boolean {
  return isMap(value) && typeof value.secure === "string" && Object.keys(value).length === 1;
}

function hasSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/** Keys whose value in the overlay, as pulumi has just left it, the next merge would change. */
export function lostKeys(tracked: StackSettings, local: StackSettings): string[] {
  const merged = mergeSettings(tracked, local).config ?? {};
  const left = local.config ?? {};
  return Object.keys({ ...merged, ...left }).filter((key) => !isDeepStrictEqual(merged[key], left[key]));
}

/** Brings the overlay up to date with the tracked file. Written only when something changed, and never half. */
export function writeOverlay(
  project: Project,
  stack: string,
  newSalt?: string,
): { file: string; settings: StackSettings } {
  const file = overlayFile(project, stack);
  const settings = mergeSettings(readSettings(trackedFile(project, stack)), readSettings(file), newSalt);
  const note = `# Made from Pulumi.${shortName(stack)}.yaml before each run; edit that one. Secrets and salt are kept here only.\n`;
  const text = note + stringify(settings);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  }
  chmodSync(file, 0o600); // pulumi writes it anew with the usual rights
  return { file, settings };
}

/**
 * Runs `work` and takes back a bare salt that pulumi wrote into a tracked settings file meanwhile (`stack init`, `watch` and others
 * that know no --config-file do): committed, it would break the next machine, which has another passphrase.
 */
export async function keepTracked<T>(projectDir: string, work: () => Promise<T>): Promise<T> {
  const before = settingsFiles(projectDir);
  try {
    return await work();
  } finally {
    for (const [file, text] of settingsFiles(projectDir)) {
      const old = before.get(file);
      if (text === old || !gainedOnlySalt(old, text)) continue;
      if (old === undefined) rmSync(file);
      else writeFileSync(file, old);
    }
  }
}

function settingsFiles(projectDir: string): Map<string, string> {
  const names = readdirSync(projectDir).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  return new Map(names.map((name) => [join(projectDir, name), readFileSync(join(projectDir, name), "utf8")]));
}

function gainedOnlySalt(oldText: string | undefined, text: string): boolean {
  const { encryptionsalt, ...settings } = (parse(text) ?? {}) as StackSettings;
  const old = (parse(oldText ?? "") ?? {}) as StackSettings;
  if (!encryptionsalt || old.encryptionsalt || isManagedByUser(settings)) return false;
  return JSON.stringify(settings) === JSON.stringify(old);
}
