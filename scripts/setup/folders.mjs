// A lock between processes: a folder, because making one is atomic everywhere. Its owner touches it every few seconds. Runs on Node 18.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onExit } from "./cleanup.mjs";
import { say } from "./progress.mjs";

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
