import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";

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
