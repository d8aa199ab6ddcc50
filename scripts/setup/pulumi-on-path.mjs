import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { openCacheFolder } from "./cache.mjs";
import { quietly } from "./process.mjs";
import { atLeast, pulumiMinimum } from "./versions.mjs";

/**
 * Whether the `pulumi` on PATH can run this project: `{good: true}`, or `{good: false, why}`.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ good: true } | { good: false, why: string }>}
 */
export async function pulumiOnPath(env) {
  const file = findOnPath("pulumi", env);
  if (!file) return { good: false, why: "no pulumi there" };

  const version = await versionOf(file, env);
  if (!version) return { good: false, why: `${file} does not answer "pulumi version"` };
  if (!atLeast(version, pulumiMinimum)) {
    return { good: false, why: `${file} is ${version}, older than ${pulumiMinimum}` };
  }
  if (!hasLanguageHost(file, env)) {
    return { good: false, why: `${file} has no pulumi-language-nodejs beside it, on PATH or among its plugins` };
  }
  return { good: true };
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
export function findOnPath(name, env) {
  return (env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file) && statSync(file).isFile());
}

/**
 * Asking costs a quarter of a second, so the answer is kept for as long as the file stays the same.
 *
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 */
async function versionOf(file, env) {
  const { mtimeMs, size } = statSync(file);
  const key = `${realpathSync(file)} ${mtimeMs} ${size}`;
  const note = join(openCacheFolder(), "pulumi-on-path.json");
  const known = readNote(note);
  if (known.key === key) return known.version;

  const asked = await quietly(file, ["version"], { timeout: 15_000, env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" } });
  const version = asked.code === 0 ? /v?(\d+\.\d+\.\d+)/.exec(asked.stdout)?.[1] : undefined;
  if (version) {
    mkdirSync(dirname(note), { recursive: true });
    writeFileSync(note, JSON.stringify({ key, version }));
  }
  return version;
}

/**
 * @param {string} note
 * @returns {{ key?: string, version?: string }}
 */
function readNote(note) {
  try {
    return JSON.parse(readFileSync(note, "utf8"));
  } catch {
    return {}; // the first time, or half-written by a run beside this one
  }
}

/**
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 */
function hasLanguageHost(file, env) {
  const name = "pulumi-language-nodejs";
  if (existsSync(join(dirname(realpathSync(file)), name)) || findOnPath(name, env)) return true;
  const plugins = join(env.PULUMI_HOME || join(homedir(), ".pulumi"), "plugins");
  return existsSync(plugins) && readdirSync(plugins).some((plugin) => plugin.startsWith("language-nodejs-v"));
}
