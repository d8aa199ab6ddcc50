// Step 3: the Pulumi CLI. From PATH; else from the cache; else downloaded; else built with Go.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCacheFolder, provide } from "./folders.mjs";
import { buildPulumi, downloadPulumi } from "./get-pulumi.mjs";
import { causeOf, say, StopError } from "./messages.mjs";
import { findOnPath, quietly } from "./process.mjs";
import { atLeast, pulumiMinimum, pulumiVersion } from "./versions.mjs";

/**
 * In the order in which they are tried. Each fills `partial/bin` or throws an error that says why not.
 *
 * @typedef {{ name: string, make: (partial: string, projectDir: string) => Promise<void> }} Way
 * @type {Way[]}
 */
const ways = [
  { name: "download", make: downloadPulumi },
  { name: "build", make: buildPulumi },
];

/**
 * Finds or makes the CLI. `bin` is the folder to put on PATH (undefined where it is there already), `selfBuilt` whether it was built
 * here, on a machine that can't download from Pulumi.
 *
 * @typedef {{ bin?: string | undefined, selfBuilt: boolean }} Cli
 *
 * @param {string} projectDir
 * @returns {Promise<Cli>}
 */
export async function choosePulumi(projectDir, { env = process.env, makers = ways } = {}) {
  const onPath = await pulumiOnPath(env);
  if (onPath.good) return { bin: undefined, selfBuilt: false };

  const folder = join(openCacheFolder(), `pulumi-${pulumiVersion}`);
  await provide(folder, isComplete, (partial) => make(makers, partial, projectDir, onPath.why));
  const selfBuilt = !existsSync(join(folder, "downloaded"));
  if (selfBuilt) bringDynamicProvider(projectDir, join(folder, "bin"));
  return { bin: join(folder, "bin"), selfBuilt };
}

/** @param {string} folder */
function isComplete(folder) {
  return ["pulumi", "pulumi-language-nodejs"].every((name) => existsSync(join(folder, "bin", name)));
}

/**
 * @param {Way[]} makers
 * @param {string} partial
 * @param {string} projectDir
 * @param {string} whyNotPath
 */
async function make(makers, partial, projectDir, whyNotPath) {
  const tried = [`PATH: ${whyNotPath}`];
  say(`Pulumi: ${whyNotPath}; getting ${pulumiVersion}.`);
  for (const { name, make } of makers) {
    try {
      await make(partial, projectDir);
      if (name === "download") writeFileSync(join(partial, "downloaded"), "");
      return;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tried.push(`${name}: ${why}`);
      say(`  ${name}: ${why.split("\n")[0]}`);
    }
  }
  const cause = causeOf(tried.join("\n"));
  throw new StopError(
    [
      "The Pulumi CLI could not be set up. What was tried:",
      ...tried.map((line) => `  - ${line.replaceAll("\n", "\n    ")}`),
      ...(cause ? [cause] : []),
      `${cause ? "Or" : "What to do:"} install Pulumi ${pulumiMinimum} or newer yourself (https://www.pulumi.com/docs/install), or install Go`,
      "(https://go.dev/dl) so that it can be built here, and run the same command again.",
    ].join("\n"),
  );
}

/**
 * The plugin for dynamic providers is a script inside the npm package. An official CLI has a copy beside it; so gets ours, because a
 * plugin found elsewhere on PATH makes the engine print a warning on every run.
 *
 * @param {string} projectDir
 * @param {string} bin
 */
function bringDynamicProvider(projectDir, bin) {
  const name = "pulumi-resource-pulumi-nodejs";
  const source = join(projectDir, "node_modules", "@pulumi", "pulumi", name);
  const target = join(bin, name);
  if (existsSync(target) && readFileSync(target).equals(readFileSync(source))) return;
  copyFileSync(source, `${target}.${process.pid}`);
  renameSync(`${target}.${process.pid}`, target);
}

/**
 * The environment in which pulumi, and the tests that call it, run.
 *
 * @param {Cli} cli
 * @param {string} nodeFolder
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function pulumiEnv(cli, nodeFolder, env = process.env) {
  return {
    ...env,
    PATH: [nodeFolder, cli.bin, env.PATH].filter(Boolean).join(delimiter),
    NODE_OPTIONS: withEngineWatch(env.NODE_OPTIONS),
    // Pulumi writes the whole state for each change, and Go clears up after it: seldom, that takes a fifth off the processor time of an
    // `up` of 900 resources, for 0.8 in place of 0.4 GB of memory. Small stacks don't notice either.
    GOGC: env.GOGC ?? "400",
    PULUMI_SKIP_UPDATE_CHECK: env.PULUMI_SKIP_UPDATE_CHECK ?? "1",
    // loading modules is a fifth of a small preview
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(openCacheFolder(), "compile-cache"),
    // a machine that couldn't download the CLI can't download plugins either: say so at once instead of waiting for the network
    ...(cli.selfBuilt && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}

const engineWatch = fileURLToPath(new URL("../../providers/engine-watch.cjs", import.meta.url));

/**
 * The user's NODE_OPTIONS and the watch over Pulumi's engine, which has to begin before Pulumi calls our code: an engine that is killed
 * before that would leave its provider behind for ever.
 *
 * @param {string | undefined} given
 */
function withEngineWatch(given) {
  const quoted = `"${engineWatch.replace(/[\\"]/g, "\\$&")}"`; // as Node reads them: folders may have blanks
  const option = `--require ${quoted}`;
  if (given?.includes(option)) return given;
  return [given, option].filter(Boolean).join(" ");
}

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
