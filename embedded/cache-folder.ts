import { homedir } from "node:os";
import { join } from "node:path";

/** Where the project keeps what every checkout shares; the same folder as that of the set-up (scripts/setup/cache.mjs). */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "airbyte-on-pulumi");
}
