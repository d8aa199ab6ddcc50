// npm run open: a link to the page of the stack's embedded Airbyte, in the browser where there is one.
import { join } from "node:path";
import { explaining } from "./explaining.mjs";
import { openInBrowser } from "./open/browser.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { trackedStackFolder } from "./setup/overlay.mjs";
import { readProject } from "./setup/project.mjs";
import { StopError } from "./setup/stop.mjs";

/** Resolves with the exit code; a browser that can't be opened is no failure. */
export async function open(projectDir, givenArgs, env = process.env) {
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  const unknown = args.find((arg) => arg !== "--no-browser");
  if (unknown !== undefined) {
    throw new StopError(`npm run open takes --stack NAME and --no-browser; found ${unknown}.`, 2);
  }
  const folder = trackedStackFolder(readProject(projectDir, env), stack);
  const { pageLink } = await import("./open/link.ts");
  const link = await explaining(() => pageLink(folder));
  if (!link) {
    throw new StopError(
      `The stack "${stack}" has no embedded Airbyte here: npm start makes one, where the stack's target is embedded.`,
    );
  }
  console.log(link.url);
  const opened = args.length === 0 && (await openInBrowser(link.url, join(folder, "embedded"), env));
  const minutes = Math.round(link.expiresInSeconds / 60);
  console.log(
    `${opened ? "Your browser opens it now." : "Open it in a browser."} It is good once, for ${minutes} minutes.`,
  );
  return 0;
}
