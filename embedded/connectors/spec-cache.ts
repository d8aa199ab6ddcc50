import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { openCacheFolder } from "../cache-folder.ts";
import type { JsonObject } from "../json.ts";

/**
 * The spec of one version of a connector, from the cache folder: what was asked once needs neither installation nor
 * Python again. A file that can't be read counts as none, one that can't be written does no harm.
 *
 * @param name package and version: `airbyte-source-faker==7.2.1`
 */
export async function cachedSpec(name: string, ask: () => Promise<JsonObject>): Promise<JsonObject> {
  const known = readSpec(name);
  if (known) return known;
  const spec = await ask();
  try {
    const file = specFile(name);
    mkdirSync(dirname(file), { recursive: true });
    await writeFileAtomic(file, JSON.stringify(spec));
  } catch (error) {
    console.error(`The spec of ${name} can't be kept`, error);
  }
  return spec;
}

/** The spec if it is known without asking. */
export function readSpec(name: string): JsonObject | undefined {
  try {
    return JSON.parse(readFileSync(specFile(name), "utf8")) as JsonObject;
  } catch {
    return undefined;
  }
}

function specFile(name: string): string {
  return join(openCacheFolder(), "specs", `${name}.json`);
}
