// npm run bench -- PART [OPTIONS]
import { join } from "node:path";
import { foreground } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";

/** What can be measured, each a program of its own, and whether it needs the Pulumi CLI. */
const parts = {
  syncs: { file: "syncs.ts", pulumi: false },
  pipelines: { file: "pipelines.ts", pulumi: true },
};

/** Measures the named part and resolves with the exit code. `pulumiEnv` brings the CLI and resolves with its environment. */
export async function bench(projectDir, [part, ...args], pulumiEnv) {
  const known = Object.keys(parts).join("|");
  if (!Object.hasOwn(parts, part ?? "")) throw new StopError(`Say what to measure: npm run bench -- ${known}`, 2);
  const { file, pulumi } = parts[part];
  const env = pulumi ? await pulumiEnv() : process.env;
  return foreground(process.execPath, [join(projectDir, "scripts", "bench", file), ...args], { cwd: projectDir, env });
}
