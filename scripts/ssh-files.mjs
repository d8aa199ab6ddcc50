// Docker's provider reaches the machine by SSH, with files that the program makes from the stack's rootSecret. Refresh and destroy
// don't run the program, and a fresh clone has no such files: so they are made before every operation.
import { join, resolve } from "node:path";
import { quietly } from "./setup/process.mjs";
import { shortName } from "./setup/project.mjs";

const operations = ["up", "preview", "refresh", "destroy", "import", "watch"];

/** Makes the stack's files for SSH, where it has a rootSecret that can be read. What is wrong with it, the program says better. */
export async function bringSshFiles(project, stack, opened, verb) {
  if (!operations.includes(verb)) return;
  const configFile = opened.configFile ? ["--config-file", opened.configFile] : [];
  const args = ["config", "get", "rootSecret", "--stack", stack, "--non-interactive", ...configFile];
  const { code, stdout } = await quietly("pulumi", args, { env: opened.env, cwd: project.dir });
  const rootSecret = stdout.trim();
  if (code !== 0 || rootSecret === "") return;

  const { fixedCredentials } = await import("../infra/airbyte/credentials.ts");
  const { writeSshFiles } = await import("../infra/airbyte/ssh-files.ts");
  const stateDir = opened.settings.config?.[`${project.name}:stateDir`] || join(".airbyte", shortName(stack));
  writeSshFiles(resolve(project.dir, stateDir), fixedCredentials(rootSecret));
}
