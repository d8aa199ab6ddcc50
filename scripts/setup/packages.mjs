// Step 2: the npm packages of package-lock.json.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { causeOf, StopError } from "./messages.mjs";
import { localFolder, withLock } from "./folders.mjs";
import { npmCommand, quietly, tail } from "./process.mjs";

/**
 * Runs `npm ci` unless node_modules already holds what package-lock.json asks for.
 *
 * @param {string} projectDir
 */
export async function installPackages(projectDir) {
  if (packagesAreInstalled(projectDir)) return;
  await withLock(join(localFolder(projectDir), "packages.lock"), async () => {
    if (packagesAreInstalled(projectDir)) return; // another run was faster
    const npm = npmCommand(process.execPath);
    // --include=dev: with NODE_ENV=production npm would leave out what `npm test` and `npm run check` need
    const args = [...npm.args, "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const result = await quietly(npm.command, args, {
      label: "Installing the npm packages",
      usually: "10 to 60 s, again only when package-lock.json changes",
      env: npm.env,
      cwd: projectDir,
    });
    if (result.code === 127)
      throw new StopError("There is no npm on PATH: install Node together with npm (https://nodejs.org).");
    if (result.code !== 0) {
      const cause = causeOf(result.output) ?? "Mend what npm names and run the same command again.";
      throw new StopError(`${tail(result.output)}\n\nInstalling the npm packages failed. ${cause}`);
    }
  });
}

/**
 * npm notes what it has installed in a lockfile of its own inside node_modules, as its last act: an interrupted install has none.
 * Packages for other platforms are optional and may be missing.
 *
 * @param {string} projectDir
 */
export function packagesAreInstalled(projectDir) {
  const installed = packagesOf(join(projectDir, "node_modules", ".package-lock.json"));
  if (!installed) return false;
  const wanted = packagesOf(join(projectDir, "package-lock.json"));
  if (!wanted)
    throw new StopError(
      "package-lock.json is missing or can't be read: get it back (git checkout package-lock.json) and run the same command again.",
    );
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || installed[path]?.version === entry.version,
  );
}

/**
 * undefined where the file is missing or broken.
 *
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
