// Docker's provider reaches the machine by SSH, with files that the program makes from the stack's rootSecret. Refresh and destroy
// don't run the program, and a fresh clone has no such files: so they are made before every operation.
import { askPulumi, settingsFile } from "./ask-pulumi.mjs";
import { stackFolder } from "./setup/project.mjs";

const operations = ["up", "preview", "refresh", "destroy", "import", "watch"];

/** Makes the stack's files for SSH, where it has a rootSecret that can be read. What is wrong with it, the program says better. */
export async function bringSshFiles(project, stack, opened, verb) {
  if (!operations.includes(verb)) return;
  const args = ["config", "get", "rootSecret", "--stack", stack, ...settingsFile(opened)];
  const { code, stdout } = await askPulumi(project, opened, args);
  const rootSecret = stdout.trim();
  if (code !== 0 || rootSecret === "") return;

  const { fixedCredentials } = await import("../credentials/credentials.ts");
  const { writeSshFiles } = await import("../credentials/ssh-files.ts");
  writeSshFiles(stackFolder(project, stack, opened.settings), fixedCredentials(rootSecret));
}
