// What lies on this machine: the folder of this checkout, and the cache that all checkouts share; and the lock under which it is made. Runs on
// Node 18.
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir, hostname } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say, StopError } from "./messages.mjs";
import { onExit } from "./process.mjs";

/**
 * `.airbyte/` in the checkout (git-ignored): what belongs to this machine alone. Nobody else may read it.
 *
 * @param {string} projectDir
 * @param {string[]} parts
 */
export function localFolder(projectDir, ...parts) {
  const top = join(projectDir, ".airbyte");
  mkdirSync(join(top, ...parts), { recursive: true, mode: 0o700 });
  chmodSync(top, 0o700);
  return join(top, ...parts);
}

/** Where downloads and builds live: outside the checkout, one folder per version, shared by all checkouts. */
export function cacheFolder() {
  const { XDG_CACHE_HOME: given = "" } = process.env; // a relative one counts as none, says the standard
  return join(isAbsolute(given) ? given : join(homedir(), ".cache"), "airbyte-on-pulumi");
}

/**
 * The same folder, which nobody else can write to: programs are run from it. Others don't even reach what is in it, so it doesn't matter
 * which rights npm, tar, Go and uv give their files where the umask is wide.
 */
export function openCacheFolder() {
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return folder; // whoever wants to write to it says what is wrong
  }
  const user = process.getuid?.();
  if (user === undefined) return folder; // Windows has other rights, and gives them to the owner alone
  const [around, own] = [statSync(dirname(folder)), statSync(folder)];
  const elsewhere = "Or say where your own is: export XDG_CACHE_HOME=FOLDER";
  if (own.uid !== user)
    throw new StopError(
      `${folder} belongs to another user, who could change the programs in it. ${elsewhere.slice(3)}`,
    );
  if (own.mode & 0o002)
    throw new StopError(
      `Everybody on this machine could have changed the programs in ${folder}. Remove it, and run the same command again: rm -rf ${folder}`,
    );
  // Where it is sticky, as /tmp is, others can't take ours away.
  if (around.mode & 0o002 && !(around.mode & 0o1000))
    throw new StopError(
      `Everybody on this machine can put another folder in the place of ${folder}. Take that right away, and run the same command again: ` +
        `chmod o-w ${dirname(folder)}. ${elsewhere}`,
    );
  if (own.mode & 0o077) chmodSync(folder, 0o700);
  return folder;
}

/**
 * Makes sure that `folder` is there. `make(partial)` fills a folder beside it that is renamed into place when it is complete, so an
 * interrupted or failed `make` leaves nothing that could be taken for the whole.
 *
 * @param {string} folder
 * @param {(folder: string) => boolean} isComplete
 * @param {(partial: string) => unknown} make
 */
export async function provide(folder, isComplete, make) {
  if (isComplete(folder)) return;
  await withLock(`${folder}.lock`, async () => {
    if (isComplete(folder)) return; // another run was faster
    removeLeftovers(folder);
    const partial = `${folder}.partial-${process.pid}`;
    const remove = () => rmSync(partial, { recursive: true, force: true });
    const forget = onExit(remove);
    try {
      mkdirSync(partial, { mode: 0o700 });
      await make(partial);
      rmSync(folder, { recursive: true, force: true });
      renameSync(partial, folder);
    } finally {
      remove();
      forget();
    }
  });
}

/**
 * What a killed run left; under the lock nobody else is at work on it.
 *
 * @param {string} folder
 */
function removeLeftovers(folder) {
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(`${basename(folder)}.partial-`)) {
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

// A lock between processes is a folder, because making one is atomic everywhere. Its owner touches it every few seconds.

const heartbeatMs = 3_000;
const silentMs = 15_000;

/**
 * Runs `work` while no other process runs its own under the same lock.
 *
 * @template T
 * @param {string} folder
 * @param {() => T | Promise<T>} work
 */
export async function withLock(folder, work) {
  await acquire(folder);
  const release = () => rmSync(folder, { recursive: true, force: true });
  const forget = onExit(release);
  const heartbeat = setInterval(() => touch(folder), heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    forget();
    release();
  }
}

/** @param {string} folder */
async function acquire(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  let seen = 0;
  let since = Date.now();
  let told = false;
  while (!tryMake(folder)) {
    const beat = modified(folder);
    // Silence is counted on our own clock while we watch, so a machine that slept doesn't look like a dead owner.
    if (beat !== seen) [seen, since] = [beat, Date.now()];
    if (ownerIsDead(folder) || Date.now() - since > silentMs) {
      takeAway(folder);
      continue;
    }
    if (!told) say("Another run is doing this set-up; waiting for it …");
    told = true;
    await sleep(300);
  }
}

/** @param {string} folder */
function tryMake(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (isError(error, "EEXIST")) return false;
    throw error;
  }
  writeFileSync(join(folder, "owner.json"), JSON.stringify({ host: hostname(), pid: process.pid }));
  return true;
}

/**
 * Known for certain only on the same host; elsewhere (a home folder shared with a container) the heartbeat decides.
 *
 * @param {string} folder
 */
function ownerIsDead(folder) {
  try {
    const owner = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
    if (owner.host !== hostname()) return false;
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return isError(error, "ESRCH");
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isError(error, code) {
  return error instanceof Error && "code" in error && error.code === code;
}

/**
 * Renames before removing, so that of several who wait only one takes the dead lock away.
 *
 * @param {string} folder
 */
function takeAway(folder) {
  const aside = `${folder}.dead-${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch {
    return; // someone else was faster
  }
  rmSync(aside, { recursive: true, force: true });
}

/** @param {string} folder */
function touch(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // taken away while this machine slept; what is made under a lock is put in place atomically, so nothing breaks
  }
}

/** @param {string} folder */
function modified(folder) {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}
