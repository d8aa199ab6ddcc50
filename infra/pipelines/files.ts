import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseYaml } from "./document.ts";
import type { YamlFile } from "./document.ts";
import type { Mistakes } from "./mistakes.ts";

/**
 * Reads the main file and, in the folder beside it that has the same name without the ending, every `*.yaml` or `*.yml`
 * (`pipelines.yaml`, `pipelines/*.yaml`), in alphabetical order. Files that can't be read or parsed are left out and reported.
 */
export function readFiles(projectDir: string, mainFile: string, mistakes: Mistakes): YamlFile[] {
  const folder = mainFile.replace(/\.[^./\\]*$/, "");
  const names = folder === mainFile ? [] : listYaml(join(projectDir, folder)).map((name) => join(folder, name));
  return [mainFile, ...names].flatMap((name) => {
    const text = read(projectDir, name, mistakes);
    const file = text === undefined ? undefined : parseYaml(shown(projectDir, name), text, mistakes);
    return file ? [file] : [];
  });
}

function listYaml(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const isYaml = (name: string) => /^[^.].*\.ya?ml$/.test(name);
    return entries.flatMap((entry) => (!entry.isDirectory() && isYaml(entry.name) ? [entry.name] : [])).sort();
  } catch {
    return []; // the folder is optional
  }
}

function read(projectDir: string, name: string, mistakes: Mistakes): string | undefined {
  try {
    return readFileSync(join(projectDir, name), "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file; it declares the pipelines (for none at all: `sources: {}`)",
      EISDIR: "is a folder; expected a file",
      EACCES: "can't be read: permission denied",
    };
    mistakes.add({ file: shown(projectDir, name) }, [], reasons[code ?? ""] ?? `can't be read: ${String(code)}`);
    return undefined;
  }
}

function shown(projectDir: string, name: string): string {
  return relative(projectDir, join(projectDir, name));
}
