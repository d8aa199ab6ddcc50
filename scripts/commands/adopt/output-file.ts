import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseDocument } from "yaml";
import { sections } from "../../../providers/airbyte/kinds/names.ts";
import { UserError } from "../../../errors/user-error.ts";

/** The pipelines.yaml that this project comes with, which nobody misses. */
export const SAMPLE_SHA256 = "89efcc486d914ced71a0444b675a6868885f32e79ab2514ac772484ce6ec3cbb";

/**
 * Where the declarations go, relative to the project: the file that is asked for, else the stack's main one.
 *
 * @throws UserError where that would replace what somebody has declared, or where the stack wouldn't read it
 */
export function outputFile(
  projectDir: string,
  { out, main, force, mustBeRead }: { out?: string | undefined; main: string; force: boolean; mustBeRead: boolean },
): string {
  const file = insideOf(projectDir, out ?? main);
  const folder = folderOf(main);
  if (
    mustBeRead &&
    file !== main &&
    !(dirname(file) === folder && /^[^.].*\.ya?ml$/.test(file.slice(folder.length + 1)))
  ) {
    throw new UserError(
      `--out ${file}: the stack reads ${main} and ${folder}/*.yaml, so what is taken over must stand there: --out ${join(folder, "adopted.yaml")}`,
    );
  }
  if (force || !declaresSomething(join(projectDir, file))) return file;
  throw new UserError(`${file} declares something already, so it isn't replaced.`, {
    next:
      `--out ${join(folder, "adopted.yaml")} (read together with ${main}), ` +
      `or --force to replace it (a copy is kept beside it).`,
  });
}

/** The folder whose files are read together with the main one. */
export function folderOf(main: string): string {
  return main.replace(/\.[^./\\]*$/, "");
}

/** The same for a module of resource classes, which the program itself imports. */
export function moduleFile(
  projectDir: string,
  { out = "adopted.ts", force }: { out?: string | undefined; force: boolean },
): string {
  const file = insideOf(projectDir, out);
  if (!file.endsWith(".ts")) throw new UserError(`--out ${out}: resource classes go into a .ts file.`);
  if (!force) requireFree(projectDir, [file]);
  return file;
}

/** @throws UserError where one of the files is there */
export function requireFree(projectDir: string, files: readonly string[]): void {
  const there = files.find((file) => existsSync(join(projectDir, file)));
  if (there === undefined) return;
  throw new UserError(`${there} is there already.`, {
    next: `--out FILE, or --force to replace it (a copy is kept beside it).`,
  });
}

function insideOf(projectDir: string, path: string): string {
  const file = relative(projectDir, resolve(projectDir, path));
  if (!file.startsWith("..")) return file;
  throw new UserError(`--out ${path}: the file must be inside the project's folder.`);
}

/** Whether a file holds anything but nothing, and the untouched sample. */
function declaresSomething(file: string): boolean {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, "utf8");
  if (createHash("sha256").update(text).digest("hex") === SAMPLE_SHA256) return false;
  const data: unknown = parseDocument(text).toJS();
  if (typeof data !== "object" || data === null) return text.trim() !== "" && data !== null;
  const found = data as Record<string, unknown>;
  return ["defaults", ...sections].some((key) => Object.keys((found[key] as object | undefined) ?? {}).length > 0);
}
