import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];
const found = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((file) => existsSync(file));

/** Why the tests that look through a browser are skipped; undefined where there is one. */
export const whyNoChromium = found === undefined ? "needs Chromium (Debian: apt install chromium)" : undefined;

/** The machine's Chromium, without a window; it asks nobody but the servers of the tests. */
export function launchChromium(): Promise<Browser> {
  if (found === undefined) throw new Error(whyNoChromium);
  return chromium.launch({ executablePath: found, args: ["--disable-gpu", "--disable-dev-shm-usage"] });
}
