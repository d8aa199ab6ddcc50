import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the project keeps what every checkout shares; the same folder as that of the set-up (scripts/setup/cache.mjs). */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME: given = "" } = process.env;
  return join(isAbsolute(given) ? given : join(homedir(), ".cache"), "airbyte-on-pulumi");
}
