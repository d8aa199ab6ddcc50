import { readFileSync, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { inside } from "../settings/paths.ts";
import { maxFileBytes } from "./limits.ts";

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
