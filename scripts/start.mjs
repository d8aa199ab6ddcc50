// Usage texts, then the right Node, then the command itself. Runs on Node 18.
import { fileURLToPath } from "node:url";
import { fold } from "./fold.mjs";
import { systemErrorInWords } from "./setup/causes.mjs";
import { chooseNode } from "./setup/node.mjs";
import { demandSeparator } from "./setup/npm-options.mjs";
import { foreground } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";
import { overview, usage } from "./usage.mjs";

export async function main([command, ...args]) {
  process.stdout.on("error", endOfReader);
  try {
    process.exitCode = await start(command, args);
  } catch (error) {
    // A StopError is a sentence for the user, and so is what the system refuses; anything else is a mistake of ours and shows its stack.
    console.error(error instanceof StopError ? error.message : (systemErrorInWords(error) ?? error));
    process.exitCode = error.exitCode ?? 1;
  }
}

/** `npm run rows | head`: whoever has read enough is no failure. */
function endOfReader(error) {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

async function start(command, args) {
  if (!Object.hasOwn(usage, command ?? "")) {
    const asked = ["--help", "-h", "help"].includes(command);
    (asked ? console.log : console.error)(fold(overview()));
    return asked ? 0 : 2;
  }
  if (wantsHelp(command, args)) {
    console.log(fold(usage[command]));
    return 0;
  }
  demandSeparator(usage[command]);
  const node = await chooseNode();
  if (node === process.execPath) {
    const { runCommand } = await import("./commands.mjs");
    return runCommand(command, args);
  }
  // The same script again, with the Node that the project needs: from there on nothing has to care about old ones.
  return foreground(node, [fileURLToPath(new URL("run.mjs", import.meta.url)), command, ...args]);
}

/** `npm run pulumi -- up --help` is a question to pulumi; `npm run pulumi -- --help` is one to us. */
function wantsHelp(command, args) {
  const asked = command === "pulumi" ? args.slice(0, 1) : args;
  return asked.some((arg) => arg === "--help" || arg === "-h");
}
