// npm run rows, and what npm start ends with: which rows have arrived in the destinations of the embedded Airbyte.
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { trackedStackFolder } from "./setup/overlay.mjs";
import { readProject } from "./setup/project.mjs";
import { StopError } from "./setup/stop.mjs";

/** Resolves with the exit code. */
export async function rows(projectDir, givenArgs) {
  const { stack, args } = parsePulumiArgs(givenArgs, process.env);
  if (args.length > 1) throw new StopError(`npm run rows takes the name of one stream; found ${args.join(" ")}.`);
  const folder = trackedStackFolder(readProject(projectDir), stack);
  const { printCounts, printRows } = await import("./rows/print.ts");
  try {
    if (args[0] !== undefined) return await printRows(folder, args[0]);
    if (!(await printCounts(folder))) console.log("No connection of an embedded Airbyte has synced yet.");
    return 0;
  } catch (error) {
    throw error.trouble === undefined ? error : new StopError(error.message); // The client's errors explain themselves.
  }
}

/** The counts after an `up`; whatever is wrong with them must not spoil it. */
export async function rowsAfterUp(project, stack) {
  const { printCounts } = await import("./rows/print.ts");
  const shown = await printCounts(trackedStackFolder(project, stack)).catch(() => false);
  if (!shown) return;
  const option = stack === "dev" ? "" : ` -- --stack ${stack}`;
  console.log("To look at the first rows: npm run rows -- STREAM");
  console.log(`To see everything in a browser: npm run open${option}`);
}
