// npm run bench -- PART [OPTIONS]
import { join } from "node:path";
import { foreground } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";

/** What can be measured, each a program of its own. */
const parts = { syncs: "syncs.ts" };

/** Measures the named part and resolves with the exit code. */
export function bench(projectDir, [part, ...args]) {
  const known = Object.keys(parts).join("|");
  if (!Object.hasOwn(parts, part ?? "")) throw new StopError(`Say what to measure: npm run bench -- ${known}`, 2);
  return foreground(process.execPath, [join(projectDir, "scripts", "bench", parts[part]), ...args], {
    cwd: projectDir,
  });
}
