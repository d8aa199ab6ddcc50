// The right Node, then the command, which is TypeScript. Runs on Node 18.
import module from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCacheFolder } from "./cache.mjs";
import { systemErrorInWords } from "./messages.mjs";
import { chooseNode } from "./node.mjs";
import { foreground } from "./process.mjs";
import { StopError } from "./stop.mjs";

/** @param {string[]} args the command's name and its arguments */
export async function main(args) {
  process.stdout.on("error", endOfReader);
  try {
    process.exitCode = await start(args);
  } catch (error) {
    // A StopError is a sentence for the user, and so is what the system refuses; anything else is a mistake of ours and shows its stack.
    const isSentence = error instanceof StopError;
    console.error(isSentence ? error.message : (systemErrorInWords(error) ?? error));
    process.exitCode = isSentence ? error.exitCode : 1;
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
