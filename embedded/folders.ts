import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, sep } from "node:path";

/** Where the databases and files lie that connectors write on this machine: `/local` of Airbyte's own. Nothing ever clears it. */
export function localFolder(dataDir: string): string {
  return join(dataDir, "local");
}

/** Where writers keep what isn't in a database yet. What their runs left there is cleared at each start. */
export function writersFolder(dataDir: string): string {
  return join(dataDir, "writers");
}

/**
 * Makes the data folder, readable by its owner alone.
 *
 * @param dataDir absolute: the server's programs work in folders of their own.
 */
export function openDataFolder(dataDir: string, log: (line: string) => void): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  bringHome(dataDir, log);
}

/**
 * Calls `lost` once the folder is no longer this server's: it is gone, or another server has made it anew. Nobody could find this process
 * again by it. Two looks in turn must agree, since a folder may be away for the moment in which it is moved or put back.
 *
 * @param instanceId of this server, as it stands in `credentials.json`.
 */
export function watchDataFolder(dataDir: string, instanceId: string, lost: () => void, everyMs = 5_000): void {
  let missed = 0;
  const timer = setInterval(() => {
    missed = instanceIdOf(dataDir) === instanceId ? 0 : missed + 1;
    if (missed < 2) return;
    clearInterval(timer);
    lost();
  }, everyMs).unref();
}

/** Whose folder it is: the `instanceId` of `credentials.json`, null where there is none. */
export function instanceIdOf(dataDir: string): string | null {
  const { instanceId } = contentOf(join(dataDir, "credentials.json"));
  return typeof instanceId === "string" ? instanceId : null;
}

/** What its server signs with; undefined where there is no such key, or none that is too long to be guessed. */
export function signingKeyOf(dataDir: string): string | undefined {
  const { key } = contentOf(join(dataDir, "signing-key.json"));
  return typeof key === "string" && key.length >= 32 ? key : undefined;
}

function contentOf(file: string): Record<string, unknown> {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/**
 * Versions before this one handed the folder to their writers as it was given, and a relative one lies below the writers' own working
 * directory then. What was written there goes to where it belongs. What can't be moved (`local` may be a link to another disk) stays.
 */
function bringHome(dataDir: string, log: (line: string) => void): void {
  const steps = dataDir.split(sep);
  const astray = steps
    .map((_, index) => join(writersFolder(dataDir), ...steps.slice(index), "local"))
    .filter((folder) => existsSync(folder));
  for (const folder of astray) {
    try {
      bring(folder, localFolder(dataDir), log);
      // Up to what the writers themselves use, as far as it is empty.
      for (let empty = folder; empty !== writersFolder(dataDir); empty = dirname(empty)) rmdirSync(empty);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY")
        log(`What an earlier version wrote to ${folder} could not be moved to ${localFolder(dataDir)}: ${message}`);
    }
  }
}

function bring(folder: string, local: string, log: (line: string) => void): void {
  mkdirSync(local, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder);
  // A database is several files, so all of them go together.
  const taken = names.some((name) => existsSync(join(local, name)));
  const home = taken ? free(join(local, "found")) : local;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  for (const name of names) renameSync(join(folder, name), join(home, name));
  if (names.length > 0) log(`What an earlier version wrote to ${folder} is now in ${home}: ${names.join(", ")}`);
}

function free(path: string): string {
  for (let number = 1; ; number++) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
}

/** Where the project keeps what every checkout shares; the same folder as that of the set-up (scripts/setup/folders.mjs). */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME: given = "" } = process.env;
  return join(isAbsolute(given) ? given : join(homedir(), ".cache"), "airbyte-on-pulumi");
}

/**
 * The same folder, which nobody else can write to; by the rules of the set-up, which runs programs from it.
 *
 * @throws Error where it is another user's, or where others could have changed what is in it
 */
export function openCacheFolder(): string {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const user = process.getuid?.();
  if (user === undefined) return folder;
  const [around, own] = [statSync(dirname(folder)), statSync(folder)];
  const isOpen = (own.mode & 0o002) !== 0 || ((around.mode & 0o002) !== 0 && (around.mode & 0o1000) === 0);
  if (own.uid !== user || isOpen) throw new Error(`${folder} could be changed by other users of this machine`);
  if ((own.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}
