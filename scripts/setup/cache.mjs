// Where downloads and builds live: outside the checkout, one folder per version, shared by all checkouts. Runs on Node 18.
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { onExit } from "./cleanup.mjs";
import { withLock } from "./folders.mjs";
import { StopError } from "./stop.mjs";

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
