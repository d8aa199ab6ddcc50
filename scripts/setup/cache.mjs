// Where downloads and builds live: outside the checkout, one folder per version, shared by all checkouts. Runs on Node 18.
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { onExit } from "./cleanup.mjs";
import { withLock } from "./lock.mjs";

export function cacheFolder() {
  const { XDG_CACHE_HOME: given = "" } = process.env; // a relative one counts as none, says the standard
  return join(isAbsolute(given) ? given : join(homedir(), ".cache"), "airbyte-on-pulumi");
}

/**
 * Makes sure that `folder` is there. `make(partial)` fills a folder beside it that is renamed into place when it is complete, so an
 * interrupted or failed `make` leaves nothing that could be taken for the whole.
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
      mkdirSync(partial);
      await make(partial);
      rmSync(folder, { recursive: true, force: true });
      renameSync(partial, folder);
    } finally {
      remove();
      forget();
    }
  });
}

/** What a killed run left; under the lock nobody else is at work on it. */
function removeLeftovers(folder) {
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(`${basename(folder)}.partial-`)) {
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}
