// The settings of a stack are in a tracked file, Pulumi.<stack>.yaml. Its secrets, and the salt that belongs to this machine's
// passphrase, are not: they live in an overlay, .airbyte/<stack>/Pulumi.<stack>.yaml, that pulumi gets by --config-file.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, stringify } from "yaml";
import { localFolder } from "./local-folder.mjs";
import { shortName, stackFolder } from "./project.mjs";
import { StopError } from "./stop.mjs";

export function trackedFile(project, stack) {
  return join(project.dir, `Pulumi.${shortName(stack)}.yaml`);
}

export function overlayFile(project, stack) {
  return join(localFolder(project.dir, shortName(stack)), `Pulumi.${shortName(stack)}.yaml`);
}

export function readSettings(file) {
  if (!existsSync(file)) return {};
  try {
    return parse(readFileSync(file, "utf8")) ?? {};
  } catch (error) {
    throw new StopError(`${file} is not valid YAML: ${error.message}`);
  }
}

/** The folder that this machine keeps for a stack, where nothing but its tracked settings is known. */
export function trackedStackFolder(project, stack) {
  return stackFolder(project, stack, readSettings(trackedFile(project, stack)));
}

/** Someone who keeps encrypted values or a key of a team's in the tracked file manages its secrets there: no overlay then. */
export function isManagedByUser(tracked) {
  return Boolean(tracked.secretsprovider ?? tracked.encryptedkey) || hasSecret(tracked.config);
}

/** The tracked settings, plus the salt and the secrets that only this machine has. Plain values always come from the tracked file. */
export function mergeSettings(tracked, local, newSalt) {
  const salt = local.encryptionsalt ?? newSalt ?? tracked.encryptionsalt;
  const config = mergeValue(tracked.config, local.config);
  return { ...tracked, ...(config && { config }), ...(salt && { encryptionsalt: salt }) };
}

function mergeValue(tracked, local) {
  if (tracked === undefined || tracked === null) return onlySecrets(local);
  if (isSecret(tracked) || isSecret(local)) return tracked;
  if (Array.isArray(tracked) && Array.isArray(local)) {
    const added = local.slice(tracked.length).filter(hasSecret);
    return [...tracked.map((item, i) => mergeValue(item, local[i])), ...added];
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
function onlySecrets(value) {
  if (!hasSecret(value)) return undefined;
  if (isSecret(value) || Array.isArray(value)) return value;
  const kept = Object.entries(value).map(([key, inner]) => [key, onlySecrets(inner)]);
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
}

function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An encrypted value in a stack's settings: `{secure: "v1:…"}`. */
function isSecret(value) {
  return isMap(value) && typeof value.secure === "string" && Object.keys(value).length === 1;
}

function hasSecret(value) {
  if (isSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasSecret);
}

/** Keys whose value in the overlay, as pulumi has just left it, the next merge would change. */
export function lostKeys(tracked, local) {
  const merged = mergeSettings(tracked, local).config ?? {};
  const left = local.config ?? {};
  return Object.keys({ ...merged, ...left }).filter((key) => !isDeepStrictEqual(merged[key], left[key]));
}

/** Brings the overlay up to date with the tracked file. Written only when something changed, and never half. */
export function writeOverlay(project, stack, newSalt) {
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
