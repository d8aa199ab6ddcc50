import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { maxFileBytes, parseYaml, type YamlFile } from "./document.ts";
import type { Mistakes } from "./mistakes.ts";
import { inside } from "../settings/values.ts";

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

export const missing = "there is no such file";

const reasons: Record<string, string> = {
  ENOENT: missing,
  EACCES: "can't be read: permission denied",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is not text in UTF-8",
};

const kept =
  "is among what is hidden, such as credentials and state, or a stack's settings; expected a file that is meant to be read";

/**
 * Hidden files and folders (`.airbyte`, `.pulumi-state`, `.git`, `.env`) and stacks' settings. A connector is sent what such a file holds,
 * and a file of pipelines from somebody else could name it.
 *
 * @param path relative to the project
 */
function isKept(path: string): boolean {
  return path.split(sep).some((step) => step.startsWith(".")) || /^pulumi\b.*\.(ya?ml|json)$/i.test(path);
}

/**
 * The text of a file of the project, or why it can't be had. Nothing outside the project is read: that would be another text on every
 * machine, and a link could bring in what its author may not see.
 */
export function readText(projectDir: string, name: string): { text: string } | { mistake: string } {
  const path = resolve(projectDir, name);
  if (inside(resolve(projectDir), path) === undefined) return { mistake: "is outside the project's folder" };
  if (isKept(inside(resolve(projectDir), path) ?? "")) return { mistake: kept };
  try {
    if (inside(realpathSync(projectDir), realpathSync(path)) === undefined)
      return { mistake: "is a link that leads out of the project's folder; put the file itself there" };
    if (isKept(inside(realpathSync(projectDir), realpathSync(path)) ?? "")) return { mistake: kept };
    const stats = statSync(path);
    if (stats.isDirectory()) return { mistake: "is a folder; expected a file" };
    if (!stats.isFile()) return { mistake: "is no file, but a pipe or a device" }; // to read a pipe is to wait for a writer
    if (stats.size > maxFileBytes) return { mistake: `is larger than ${maxFileBytes / 1_000_000} MB` };
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    return { mistake: reasons[code] ?? `can't be read: ${code}` };
  }
}

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
