// One function per command. Only Node's own modules are imported at the top: the first run has no node_modules yet.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { enableCompileCache } from "node:module";
import { cacheFolder } from "./setup/cache.mjs";
import { installPackages } from "./setup/packages.mjs";
import { foreground } from "./setup/process.mjs";
import { choosePulumi, pulumiEnv } from "./setup/pulumi.mjs";

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** Sets up what `command` needs, runs it and resolves with the exit code. */
export async function runCommand(command, args) {
  enableCompileCache(join(cacheFolder(), "compile-cache"));
  await installPackages(projectDir);
  if (command === "schema" || command === "docs")
    return foreground(process.execPath, [join("scripts", `${command}.ts`), ...args], { cwd: projectDir });
  if (command === "comment") return (await import("./comment.mjs")).comment(args, process.env);
  if (command === "lock-connectors") return (await import("./lock-connectors.mjs")).lockConnectors(args);
  if (command === "package") return (await import("./package.mjs")).makePackage(projectDir, args);
  if (command === "rows") return (await import("./rows.mjs")).rows(projectDir, args);
  if (command === "open") return (await import("./open.mjs")).open(projectDir, args);
  if (command === "check") return (await import("./check.mjs")).check(projectDir);

  const withPulumi = async () => pulumiEnv(await choosePulumi(projectDir), dirname(process.execPath));
  if (command === "bench") return (await import("./bench.mjs")).bench(projectDir, args, withPulumi);
  const env = await withPulumi();
  if (command === "test") return (await import("./test.mjs")).test(projectDir, args, env);
  if (command === "doctor") return (await import("./doctor.mjs")).doctor(projectDir, args, env);
  if (command === "types") return (await import("./types.mjs")).types(projectDir, args, env);
  if (command === "connect") return (await import("./connect.mjs")).connect(projectDir, args, env);
  if (command === "move") return (await import("./move.mjs")).move(projectDir, args, env);
  if (command === "graph") return (await import("./graph.mjs")).graph(projectDir, args, env);
  if (command === "adopt") return (await import("./adopt.mjs")).adopt(projectDir, args, env);
  const pulumiArgs = command === "pulumi" ? args : [command, ...args];
  return (await import("./pulumi.mjs")).pulumi(projectDir, pulumiArgs, env);
}
