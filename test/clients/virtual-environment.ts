import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../embedded/folders.ts";

const run = promisify(execFile);

/** Why there can be no Python client here, or undefined where there can. */
export function whyNoPython(): string | undefined {
  try {
    const version = execFileSync("python3", ["-c", "import sys, venv, ensurepip; print(sys.version_info >= (3, 10))"]);
    return version.toString().trim() === "True" ? undefined : "python3 is older than 3.10";
  } catch {
    return "there is no python3 with venv";
  }
}

/**
 * The Python of a virtual environment with pinned packages; made once, and kept in the cache folder.
 *
 * @param requirements such as `airbyte-api==0.53.0`
 */
export async function pythonWith(...requirements: string[]): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, `python-${requirements.join("-").replaceAll("==", "-")}`);
  const python = join(folder, "bin/python");
  if (existsSync(join(folder, "complete"))) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements]);
  mkdirSync(join(folder, "complete.new"));
  renameSync(join(folder, "complete.new"), join(folder, "complete"));
  return python;
}
