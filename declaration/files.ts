import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseYaml } from "./document.ts";
import type { YamlFile } from "./document.ts";
import type { Mistakes } from "./mistakes.ts";
import { missing, readText } from "./read-text.ts";

/**
 * Reads the main file and, in the folder beside it that has the same name without the ending, every `*.yaml` or `*.yml`
 * (`pipelines.yaml`, `pipelines/*.yaml`), in alphabetical order. Files that can't be read or parsed are left out and reported.
 */
export function readFiles(projectDir: string, mainFile: string, mistakes: Mistakes): YamlFile[] {
  const folder = mainFile.replace(/(?<=[^/\\])\.[^./\\]*$/, "");
  const names = folder === mainFile ? [] : listYaml(projectDir, folder, mistakes);
  return [mainFile, ...names].flatMap((name) => {
    const file = shown(projectDir, name);
    const read = readText(projectDir, name);
    if ("text" in read) return parseYaml(file, read.text, mistakes) ?? [];
    const purpose = read.mistake === missing && name === mainFile;
    const hint = purpose ? "; it declares the pipelines (for none at all: `sources: {}`)" : "";
    mistakes.add({ file }, [], read.mistake + hint);
    return [];
  });
}

function listYaml(projectDir: string, folder: string, mistakes: Mistakes): string[] {
  try {
    const names = readdirSync(join(projectDir, folder)).filter((name) => /^[^.].*\.ya?ml$/.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The folder is optional; but not to see what is in it would be to delete all that it declares.
    if (code !== "ENOENT" && code !== "ENOTDIR")
      mistakes.add({ file: shown(projectDir, folder) }, [], `can't be read: ${String(code)}`);
    return [];
  }
}

function shown(projectDir: string, name: string): string {
  return relative(projectDir, join(projectDir, name));
}
