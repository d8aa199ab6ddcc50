// npm run rows, and what npm start ends with: which rows have arrived in the destinations of the embedded Airbyte.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { explaining } from "./explaining.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { trackedStackFolder } from "./setup/overlay.mjs";
import { readProject } from "./setup/project.mjs";
import { npmStart } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";

/** Resolves with the exit code. */
export async function rows(projectDir, givenArgs) {
  const { stack, args } = parsePulumiArgs(givenArgs, process.env);
  if (args.length > 1) throw new StopError(`npm run rows takes the name of one stream; found ${args.join(" ")}.`, 2);
  const folder = trackedStackFolder(readProject(projectDir), stack);
  if (!existsSync(join(folder, "embedded")))
    throw new StopError(`The stack "${stack}" has no embedded Airbyte on this machine. To make it: ${npmStart(stack)}`);
  const { printCounts, printRows } = await import("./rows/print.ts");
  return explaining(async () => {
    if (args[0] !== undefined) return printRows(folder, args[0]);
    if ((await printCounts(folder)).length === 0) console.log("No connection of an embedded Airbyte has synced yet.");
    return 0;
  });
}

/** The counts after an `up`, and the name of a stream to look at; whatever is wrong with them must not spoil it. */
export async function rowsAfterUp(project, stack) {
  const { printCounts } = await import("./rows/print.ts");
  const [stream] = await printCounts(trackedStackFolder(project, stack)).catch(() => []);
  return stream;
}
