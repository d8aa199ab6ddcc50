// A link to the page of the stack's embedded Airbyte, and the browser that opens it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { callEmbedded, noEmbedded } from "../stack/airbyte.ts";
import { trackedStackFolder } from "../stack/overlay.ts";
import { readProject } from "../stack/project.ts";
import type { Call } from "./command.ts";

const Link = z.object({ url: z.string(), expiresInSeconds: z.number() });

/** Resolves with the exit code; a browser that can't be opened is no failure. */
export async function openPage(call: Call<{ "no-browser": boolean }>): Promise<number> {
  const { projectDir, stack, options, env } = call;
  const folder = trackedStackFolder(readProject(projectDir, env), stack);
  const link = await callEmbedded(folder, {
    method: "POST",
    path: "/page-links",
    doing: "ask for a link",
    schema: Link,
  });
  if (!link) throw noEmbedded(stack);
  console.log(link.url);
  const opened = !options["no-browser"] && (await openInBrowser(link.url, join(folder, "embedded"), env));
  const minutes = Math.round(link.expiresInSeconds / 60);
  console.log(
    `${opened ? "Your browser opens it now." : "Open it in a browser."} It is good once, for ${minutes} minutes.`,
  );
  return 0;
}

/**
 * Opens the link in the user's browser; resolves with false where there is none.
 *
 * The browser gets a file that leads to the link: arguments of a process are there for all users of a machine to read, and
 * the first to use the link is in.
 */
export async function openInBrowser(
  url: string,
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: string = process.platform,
): Promise<boolean> {
  const command = browserCommand(env, platform);
  if (command === undefined) return false;
  const file = join(folder, "open.html");
  try {
    writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`, { mode: 0o600 });
    const browser = spawn(command, [file], { detached: true, stdio: "ignore", env });
    await once(browser, "spawn");
    browser.unref();
    return true;
  } catch {
    return false;
  }
}

function browserCommand(env: NodeJS.ProcessEnv, platform: string): string | undefined {
  if (env.CI) return undefined;
  if (platform === "darwin") return "open";
  // Without a display the program would look for a browser in the terminal.
  return env.DISPLAY || env.WAYLAND_DISPLAY ? "xdg-open" : undefined;
}
