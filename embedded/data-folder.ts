import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join, sep } from "node:path";

/** Where the databases and files lie that connectors write on this machine: `/local` of Airbyte's own. Nothing ever clears it. */
export function localFolder(dataDir: string): string {
  return join(dataDir, "local");
}

/** Where writers keep what isn't in a database yet. It is cleared at each start. */
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
 * Versions before this one handed the folder to their writers as it was given, and a relative one lies below the writers' own working
 * directory then. What was written there goes to where it belongs, before it is cleared away.
 */
function bringHome(dataDir: string, log: (line: string) => void): void {
  const steps = dataDir.split(sep);
  const astray = steps
    .map((_, index) => join(writersFolder(dataDir), ...steps.slice(index), "local"))
    .filter((folder) => existsSync(folder));
  for (const folder of astray) {
    mkdirSync(localFolder(dataDir), { recursive: true, mode: 0o700 });
    const names = readdirSync(folder);
    // A database is several files, so all of them go together.
    const taken = names.some((name) => existsSync(join(localFolder(dataDir), name)));
    const home = taken ? free(join(localFolder(dataDir), "found")) : localFolder(dataDir);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    for (const name of names) renameSync(join(folder, name), join(home, name));
    if (names.length > 0) log(`What an earlier version wrote to ${folder} is now in ${home}: ${names.join(", ")}`);
  }
}

function free(path: string): string {
  for (let number = 1; ; number++) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`;
}
