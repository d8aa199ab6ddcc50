// One virtual environment for one connector, in the cache folder: node scripts/setup/python-environment.mjs NAME
//
// A program of its own, so that the server that wants it goes on working, and so that an interrupted installation tidies up. Progress
// goes to stderr; the last thing is one JSON line on stdout: {bin, python}, or {error}.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { environmentPlan, lockFile } from "../../embedded/connectors/python/environments.ts";
import { openCacheFolder, provide } from "./folders.mjs";
import { quietly, tail } from "./process.mjs";
import { say, StopError } from "./messages.mjs";
import { choosePython, pythonsOnPath } from "./python.mjs";

/** @typedef {import("./python.mjs").Python} Python */

const installMs = 600_000;

/** @param {string} folder */
const commands = (folder) => ({ bin: join(folder, "bin"), python: join(folder, "bin", "python") });

// The link to the interpreter dangles when the system's Python has been replaced: such an environment is made anew.
/** @param {string} folder */
const isComplete = (folder) => existsSync(commands(folder).python);

/**
 * Makes it unless it is there. Throws a StopError that says what to do.
 *
 * @param {string} name
 */
export async function pythonEnvironment(name, env = process.env) {
  const { python: range } = environmentPlan(name);
  const lock = lockFile(name);
  const found = choosePython(await pythonsOnPath(env), ...range);
  if (found.missing !== undefined) throw new StopError(`${found.missing} (for ${name}).`);
  const folder = folderFor(name, lock, found.version);
  await provide(folder, isComplete, (partial) => make(partial, { name, lock, found, env }));
  return commands(folder);
}

/**
 * Whether it is there for some Python, without asking this machine for its Pythons.
 *
 * @param {string} name
 */
export function isInstalled(name) {
  const parent = join(openCacheFolder(), "python");
  const start = basename(folderFor(name, lockFile(name), ""));
  const made = existsSync(parent) ? readdirSync(parent) : [];
  return made.some((folder) => folder.startsWith(start) && isComplete(join(parent, folder)));
}

/**
 * uv, Python's fast installer: itself from PyPI.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {Python} found
 */
export async function uvProgram(env, found) {
  const lock = lockFile("uv");
  const folder = folderFor("uv", lock, found.version);
  await provide(folder, isComplete, async (partial) => {
    say("Installing uv, which installs the connectors (usually 10 s, once) …");
    await installWithPip(partial, lock, found, env);
  });
  return join(folder, "bin", "uv");
}

/**
 * @param {string} name
 * @param {string} lock
 * @param {string} pythonVersion
 */
function folderFor(name, lock, pythonVersion) {
  const digest = createHash("sha256").update(readFileSync(lock)).digest("hex").slice(0, 12);
  return join(openCacheFolder(), "python", `${name}-${digest}-python${pythonVersion}`);
}

/**
 * @param {string} partial
 * @param {{ name: string, lock: string, found: Python, env: NodeJS.ProcessEnv }} what
 */
async function make(partial, { name, lock, found, env }) {
  const began = Date.now();
  say(
    `Installing ${name} with its ${requirementCount(lock)} packages from PyPI (usually 2 to 30 s, once per version) …`,
  );
  try {
    await installWithUv(partial, lock, found, env);
  } catch (error) {
    say(
      `  uv could not do it (${tail(error instanceof Error ? error.message : String(error), 1)}); trying with pip, which takes a minute …`,
    );
    await installWithPip(partial, lock, found, env);
  }
  say(`  ${name} is installed: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/**
 * @param {string} partial
 * @param {string} lock
 * @param {Python} found
 * @param {NodeJS.ProcessEnv} env
 */
async function installWithUv(partial, lock, found, env) {
  const uv = await uvProgram(env, found);
  const uvEnv = { ...env, UV_CACHE_DIR: join(openCacheFolder(), "uv"), UV_NO_PROGRESS: "1", VIRTUAL_ENV: partial };
  await must(uv, ["venv", "--quiet", "--allow-existing", "--python", found.command, partial], uvEnv);
  await installLocked(uv, ["pip", "install", "--quiet"], lock, uvEnv);
}

/**
 * @param {string} partial
 * @param {string} lock
 * @param {Python} found
 * @param {NodeJS.ProcessEnv} env
 */
async function installWithPip(partial, lock, found, env) {
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  await must(found.command, ["-m", "venv", "--clear", partial], env);
  await installLocked(commands(partial).python, install, lock, env);
}

/**
 * Wheels alone, where all packages have one. A package that is to be built would fetch whatever it asks for to be built with, unpinned; so
 * what builds is installed before, from a list with hashes, and nothing else can be had.
 *
 * @param {string} program
 * @param {readonly string[]} install
 * @param {string} lock
 * @param {NodeJS.ProcessEnv} env
 */
async function installLocked(program, install, lock, env) {
  const locked = [...install, "--no-deps", "--require-hashes"];
  const onlyWheels = ["--only-binary", ":all:"];
  const wheels = await quietly(program, [...locked, ...onlyWheels, "-r", lock], { env, timeout: installMs });
  if (wheels.code === 0) return;
  await must(program, [...locked, ...onlyWheels, "-r", lockFile("build")], env);
  await must(program, [...locked, "--no-build-isolation", "-r", lock], env);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function must(command, args, env) {
  const { code, output } = await quietly(command, args, { env, timeout: installMs });
  if (code === 0) return;
  throw new StopError(
    `Installing from PyPI failed; is it reachable from this machine (HTTPS_PROXY, PIP_INDEX_URL)?\n${tail(output, 5)}`,
  );
}

/** @param {string} lock */
function requirementCount(lock) {
  return readFileSync(lock, "utf8").match(/^\S+==/gm)?.length ?? 0;
}

if (import.meta.filename === process.argv[1]) {
  try {
    console.log(JSON.stringify(await pythonEnvironment(process.argv[2] ?? "")));
  } catch (error) {
    console.log(JSON.stringify({ error: errorInWords(error) }));
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function errorInWords(error) {
  if (error instanceof StopError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
