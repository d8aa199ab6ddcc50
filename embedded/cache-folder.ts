import { chmodSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Where the project keeps what every checkout shares; the same folder as that of the set-up (scripts/setup/cache.mjs). */
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
