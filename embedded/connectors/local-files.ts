import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import type { JsonObject } from "../json.ts";
import { ConnectorFailure } from "./connector.ts";

/**
 * The file of this machine that a connector's setting means. Airbyte's connectors see one folder of their machine, as `/local`; here that
 * is a folder of the embedded Airbyte, and nothing beside it is read or written, whatever a path says or a link leads to.
 *
 * @param folder absolute; may itself be a link, to another disk.
 * @param path `/local/NAME`, or relative to it.
 * @throws ConnectorFailure where it is another file.
 */
export function localFile(folder: string, path: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const inside = path.replace(/^(?:file:\/\/)?\/local(?=\/|$)/, ".");
  const file = join(folder, inside);
  const home = realpathSync(folder);
  const isRelative = !isAbsolute(inside) && !inside.includes("://") && !inside.includes("\0");
  if (isRelative && `${real(file)}${sep}`.startsWith(`${home}${sep}`)) return file;
  throw new ConnectorFailure(
    `${JSON.stringify(path)} is outside of /local, the one folder that connectors may read and write. ` +
      `Next step: put the file into ${folder}, and write /local/NAME`,
    "config_error",
  );
}

/** The settings of Airbyte's File source, with the file of this machine where they name one. */
export function withLocalFile(folder: string, configuration: JsonObject): JsonObject {
  const { url, provider } = configuration;
  const storage = (provider as JsonObject | undefined)?.storage;
  // The connector itself doesn't mind the case.
  if (typeof storage !== "string" || storage.toLowerCase() !== "local") return configuration;
  return { ...configuration, url: localFile(folder, typeof url === "string" ? url : "") };
}

/** Where a path leads in the end, also one that isn't there yet; a link to nowhere leads nowhere. */
function real(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })) {
    try {
      return realpathSync(path);
    } catch {
      return "";
    }
  }
  return join(real(dirname(path)), basename(path));
}
