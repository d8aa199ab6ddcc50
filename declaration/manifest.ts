import { dirname, isAbsolute, join } from "node:path";
import { parseYaml } from "./document.ts";
import type { Mistakes } from "./mistakes.ts";
import { missing, readText } from "./read-text.ts";

/**
 * The manifest that a low-code connector's `manifestFile` holds, as it stands there: manifests have templates of their own. undefined
 * where that was reported to be impossible.
 *
 * @param file the file that names it, relative to the project
 * @param report reports a mistake at `manifestFile`
 */
export function readManifest(
  manifestFile: string,
  file: string,
  projectDir: string,
  mistakes: Mistakes,
  report: (text: string) => void,
): object | undefined {
  const path = isAbsolute(manifestFile) ? manifestFile : join(dirname(file), manifestFile);
  const read = readText(projectDir, path);
  if ("mistake" in read) {
    report(read.mistake === missing ? `there is no file ${path}` : `${path} ${read.mistake}`);
    return undefined;
  }
  const wording = { empty: "is empty; expected a manifest", expected: "expected a manifest, which is a map" };
  return parseYaml(path, read.text, mistakes, wording)?.data;
}
