import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../embedded/folders.ts";

const run = promisify(execFile);

/** A program that a test needs, or why it can't be had here. */
export type Program = { path: string; missing?: never } | { path?: never; missing: string };

/**
 * A program of the machine, else one out of its Debian package: downloaded by apt and unpacked into the cache folder, so nothing is
 * installed and nobody needs to be root.
 *
 * @param file its path in the package
 * @param others packages whose libraries it needs too
 */
export async function debianProgram(packageName: string, file: string, others: string[] = []): Promise<Program> {
  const own = onPath(file.split("/").at(-1) ?? "");
  if (own !== undefined) return { path: own };
  if (onPath("apt-get") === undefined || onPath("dpkg-deb") === undefined) {
    return { missing: `needs ${packageName}: it is not on the PATH, and there is no apt to get it with` };
  }
  try {
    return { path: join(await unpacked([packageName, ...others]), file) };
  } catch (error) {
    return { missing: `needs ${packageName}: ${(error as Error).message.trim().split("\n").at(-1) ?? ""}` };
  }
}

/** The folder that several packages are unpacked into, as if it were the root of a system. */
export async function unpacked(packages: string[]): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, `debian-${packages.join("-")}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(`${folder}.`);
  try {
    await run("apt-get", ["download", "--quiet", ...packages], { cwd: partial });
    for (const file of readdirSync(partial).filter((name) => name.endsWith(".deb"))) {
      await run("dpkg-deb", ["--extract", join(partial, file), partial]);
      rmSync(join(partial, file));
    }
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // Another test may have been faster.
  }
  return folder;
}

function onPath(program: string): string | undefined {
  try {
    return execFileSync("sh", ["-c", `PATH="$PATH:/usr/sbin" command -v ${program}`], {
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
