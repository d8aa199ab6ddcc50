import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Opens the link in the user's browser; resolves with false where there is none.
 *
 * The browser gets a file that leads to the link: arguments of a process are there for all users of a machine to read, and
 * the first to use the link is in.
 */
export async function openInBrowser(url, folder, env = process.env, platform = process.platform) {
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

function browserCommand(env, platform) {
  if (env.CI) return undefined;
  if (platform === "darwin") return "open";
  // Without a display the program would look for a browser in the terminal.
  return env.DISPLAY || env.WAYLAND_DISPLAY ? "xdg-open" : undefined;
}
