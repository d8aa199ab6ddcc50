// Step 2: the npm packages of package-lock.json.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "./local-folder.mjs";
import { withLock } from "./lock.mjs";
import { npmCommand } from "./npm.mjs";
import { quietly, tail } from "./process.mjs";
import { StopError } from "./stop.mjs";

/** Runs `npm ci` unless node_modules already holds what package-lock.json asks for. */
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
      throw new StopError(
        `Installing the npm packages failed; npm's own words are below. Is the npm registry reachable?\n\n${tail(result.output)}`,
      );
    }
  });
}

/**
 * npm notes what it has installed in a lockfile of its own inside node_modules, as its last act: an interrupted install has none.
 * Packages for other platforms are optional and may be missing.
 */
export function packagesAreInstalled(projectDir) {
  const installedFile = join(projectDir, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const installed = packagesOf(installedFile);
  return Object.entries(packagesOf(join(projectDir, "package-lock.json"))).every(
    ([path, entry]) => path === "" || entry.optional || installed[path]?.version === entry.version,
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}
