// The right Node (step 1 of the set-up), then the command, which is TypeScript. Runs on Node 18.
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCacheFolder, provide } from "./folders.mjs";
import { causeOf, explainsItself, StopError, systemErrorInWords } from "./messages.mjs";
import { foreground, npmCommand, quietly, tail } from "./process.mjs";
import { atLeast, nodeMinimum, pinnedNodes } from "./versions.mjs";

/** @param {string[]} args the command's name and its arguments */
export async function main(args) {
  process.stdout.on("error", endOfReader);
  try {
    process.exitCode = await start(args);
  } catch (error) {
    // Some errors are sentences for the user, and so is what the system refuses; anything else is a mistake of ours and shows its stack.
    const isSentence = explainsItself(error);
    console.error(isSentence ? error.message : (systemErrorInWords(error) ?? error));
    process.exitCode = isSentence ? (error.exitCode ?? 1) : 1;
  }
}

/**
 * `npm run rows | head`: whoever has read enough is no failure.
 *
 * @param {NodeJS.ErrnoException} error
 */
function endOfReader(error) {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

/** @param {string[]} args */
async function start(args) {
  const node = await chooseNode();
  if (node !== process.execPath) {
    // The same script again, with the Node that the project needs: from there on nothing has to care about old ones.
    return foreground(node, [fileURLToPath(new URL("../run.mjs", import.meta.url)), ...args]);
  }
  // To strip the types off dozens of files would take longer than to run most commands.
  module.enableCompileCache(join(openCacheFolder(), "compile-cache"));
  return (await import("../commands/dispatch.ts")).dispatch(args);
}

/** The path of the Node to work with: the running one if it is new enough, else a pinned one from the cache, fetched when missing. */
export async function chooseNode({
  version = process.versions.node,
  platform = `${process.platform}-${process.arch}`,
} = {}) {
  if (atLeast(version, nodeMinimum) && !withoutTypes.test(version)) return process.execPath;

  const pinned = pinnedNodes[platform];
  if (!pinned) throw new StopError(`${tooOld(version)}, and there is none to fetch for ${platform}. ${installOne}`);

  const folder = join(openCacheFolder(), `node-${pinned.version}`);
  const node = join("node_modules", pinned.name, "bin", "node");
  await provide(
    folder,
    (made) => existsSync(join(made, node)),
    (partial) => fetchNode(pinned, partial, node, version),
  );
  return join(folder, node);
}

/**
 * @param {{ name: string, version: string, integrity: string }} pinned
 * @param {string} partial
 * @param {string} node
 * @param {string} version
 */
async function fetchNode(pinned, partial, node, version) {
  const npm = npmCommand(process.execPath);
  const install = [
    "install",
    `${pinned.name}@${pinned.version}`,
    "--prefix",
    partial,
    "--ignore-scripts",
    "--no-audit",
  ];
  const result = await quietly(
    npm.command,
    [...npm.args, ...install, "--no-fund", "--no-engine-strict", "--loglevel=error"],
    {
      label: `Node ${version} can't run this project: fetching Node ${pinned.version} from npm`,
      usually: "10 to 30 s, once",
      env: npm.env,
      cwd: partial,
    },
  );
  /** @param {string} why */
  const failed = (why) => {
    const lines = [`${tooOld(version)}, and fetching Node ${pinned.version} failed.`, causeOf(why), installOne];
    return new StopError(`${why}\n\n${lines.filter(Boolean).join("\n")}`);
  };
  if (result.code !== 0) throw failed(tail(result.output));

  // npm has checked the archive against what the registry says; this checks it against what this project says.
  const lock = JSON.parse(readFileSync(join(partial, "node_modules", ".package-lock.json"), "utf8"));
  if (lock.packages[dirname(dirname(node))].integrity !== pinned.integrity) {
    throw failed(
      `The archive of ${pinned.name}@${pinned.version} is not the one that scripts/setup/versions.mjs pins.`,
    );
  }
  const trial = await quietly(join(partial, node), ["--version"]);
  if (trial.code !== 0) throw failed(`The fetched Node does not run on this machine: ${tail(trial.output)}`);
}

/** Newer than the minimum, and yet they don't read TypeScript unless told to. */
const withoutTypes = /^23\.[0-5]\./;

/** @param {string} version */
const tooOld = (version) => `This project needs Node ${nodeMinimum} or newer, this is Node ${version}`;
const installOne = "Install Node 24 (https://nodejs.org) and run the same command again.";
