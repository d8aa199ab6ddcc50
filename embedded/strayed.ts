import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";

/** A database, and what DuckDB has not merged into it yet: apart from each other they are worth nothing. */
const parts = ["", ".wal"];

/**
 * Brings home what earlier versions wrote at a wrong place. They gave the writers a relative path, and those work in
 * `writers` of the data folder: what belongs to `.airbyte/dev/embedded/local` came to lie in
 * `.airbyte/dev/embedded/writers/.airbyte/dev/embedded/local`.
 *
 * Nothing is overwritten: where both places have a file, the newer one is the one that counts from now on, and the other
 * is kept in `local/earlier-1`. What can't be moved stays where it is. The log tells each.
 */
export function bringHome(dataDir: string, log: (line: string) => void): void {
  const home = join(dataDir, "local");
  for (const strayed of strayedFolders(dataDir)) {
    const from = join(strayed, "local");
    for (const file of filesIn(from)) {
      try {
        log(bring(file, from, home));
      } catch (error) {
        log(`${join(from, file)} belongs into ${home} and could not be moved there: ${(error as Error).message}`);
      }
    }
    prune(from, dataDir);
  }
}

// The relative path as it was given is not known any more: it led here from the folder of the project, which may have been moved since.
function strayedFolders(dataDir: string): string[] {
  const steps = dataDir.split(sep);
  const ends = steps.map((_, n) => steps.slice(n).join(sep));
  const given = [...new Set([relative(process.cwd(), dataDir), ...ends])].filter((path) => path && !isAbsolute(path));
  return given
    .map((path) => join(dataDir, "writers", path))
    .filter((folder) => folder !== dataDir && existsSync(join(folder, "local")))
    .filter((folder) => !existsSync(join(folder, "credentials.json"))); // it is another server's own
}

/** Relative paths, without the second parts of databases that are there. */
function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return [...new Set(paths.map((path) => path.replace(/\.wal$/, "")))];
}

function bring(file: string, from: string, home: string): string {
  const found = there(file, from);
  if (!found.some((part) => there(file, home).includes(part))) {
    move(file, from, home);
    return `${join(from, file)} lay at a wrong place; it is ${join(home, file)} now`;
  }
  const aside = freeFolder(file, home);
  if (age(file, from) > age(file, home)) {
    move(file, home, aside);
    move(file, from, home);
    return `${join(home, file)} is the newer one of two now, which lay at a wrong place; the other is kept: ${join(aside, file)}`;
  }
  move(file, from, aside);
  return `${join(from, file)} lay at a wrong place, and there is a newer ${join(home, file)}; it is kept: ${join(aside, file)}`;
}

function there(file: string, folder: string): string[] {
  return parts.filter((part) => existsSync(join(folder, file + part)));
}

/** When it was last written, in epoch milliseconds. */
function age(file: string, folder: string): number {
  return Math.max(...there(file, folder).map((part) => statSync(join(folder, file + part)).mtimeMs));
}

function freeFolder(file: string, home: string): string {
  for (let n = 1; ; n++) {
    const folder = join(home, `earlier-${n}`);
    if (there(file, folder).length === 0) return folder;
  }
}

// The database first: a second part that is found alone follows it at the next start.
function move(file: string, from: string, to: string): void {
  for (const part of there(file, from)) {
    const target = join(to, file + part);
    mkdirSync(dirname(target), { recursive: true });
    try {
      renameSync(join(from, file + part), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
      // Somebody keeps `local` on another disk.
      cpSync(join(from, file + part), `${target}.partial`, { preserveTimestamps: true });
      renameSync(`${target}.partial`, target);
      rmSync(join(from, file + part));
    }
  }
}

/** Takes away the folders that are empty now, from the innermost outwards. */
function prune(folder: string, dataDir: string): void {
  const inner = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const folders = inner.map((entry) => join(entry.parentPath, entry.name)).sort((a, b) => b.length - a.length);
  for (let outer = folder; outer.startsWith(dataDir + sep); outer = dirname(outer)) folders.push(outer);
  for (const empty of folders) {
    try {
      rmdirSync(empty);
    } catch {
      // It holds something.
    }
  }
}
