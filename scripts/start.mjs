// Usage texts, then the right Node, then the command itself. Runs on Node 18.
import { fileURLToPath } from "node:url";
import { chooseNode } from "./setup/node.mjs";
import { foreground } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";
import { usage } from "./usage.mjs";

export async function main([command, ...args]) {
  try {
    process.exitCode = await start(command, args);
  } catch (error) {
    // A StopError is a sentence for the user; anything else is a mistake of ours and shows its stack.
    console.error(error instanceof StopError ? error.message : error);
    process.exitCode = error.exitCode ?? 1;
  }
}

async function start(command, args) {
  if (!(command in usage)) {
    console.error(`Usage: node scripts/run.mjs ${Object.keys(usage).join("|")} [ARGS…]`);
    return 2;
  }
  if (wantsHelp(command, args)) {
    console.log(usage[command]);
    return 0;
  }
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
