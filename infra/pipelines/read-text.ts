import { readFileSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { inside } from "../inside.ts";
import { maxFileBytes } from "./limits.ts";

export const missing = "there is no such file";

const reasons: Record<string, string> = {
  ENOENT: missing,
  EACCES: "can't be read: permission denied",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is not text in UTF-8",
};

/**
 * The text of a file of the project, or why it can't be had. Nothing outside the project is read: that would be another text on every
 * machine, and a link could bring in what its author may not see.
 */
export function readText(projectDir: string, name: string): { text: string } | { mistake: string } {
  const path = resolve(projectDir, name);
  if (inside(resolve(projectDir), path) === undefined) return { mistake: "is outside the project's folder" };
  try {
    if (inside(realpathSync(projectDir), realpathSync(path)) === undefined)
      return { mistake: "is a link that leads out of the project's folder; put the file itself there" };
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
