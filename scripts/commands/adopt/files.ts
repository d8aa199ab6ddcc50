// The files that are written: where, in how many parts, and so that they are as they were if the work fails.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseDocument } from "yaml";
import { maxFileBytes } from "../../../declaration/document.ts";
import { UserError } from "../../../errors/user-error.ts";
import { sections } from "../../../providers/airbyte/kinds/names.ts";
import { onExit } from "../../setup/process.mjs";
import type { Declared, Entry, Names } from "./model.ts";
import { typescriptOf } from "./typescript.ts";
import { yamlOf, type Form } from "./yaml.ts";

/** What is written, and where to. */
interface Adopted {
  declared: Declared;
  names: Names;
  /** The main one, relative to the project. */
  file: string;
}

interface Text {
  /** Relative to the project. */
  file: string;
  text: string;
}

/** The files of a plan; more than one only where one would be larger than what is read. Which they are doesn't depend on the form. */
export function textsOf({ declared, names, file }: Adopted, form: Form): Text[] {
  const from = (place: string, path: string) => {
    const way = relative(dirname(place), path);
    return way.startsWith(".") ? way : `./${way}`;
  };
  const made = "Made by npm run adopt; yours from now on.";
  if (file.endsWith(".ts")) {
    const door = from(file, join("providers", "airbyte", "index.ts"));
    return [{ file, text: typescriptOf(declared, { form, head: `// ${made}`, door, names }) }];
  }
  return parts(declared.entries).map((entries, index) => {
    const place = index === 0 ? file : further(file, index + 1);
    const head = `# yaml-language-server: $schema=${from(place, "pipelines.schema.json")}\n# ${made}`;
    const leftOut = index === 0 ? declared.leftOut : [];
    return { file: place, text: yamlOf({ ...declared, entries, leftOut }, { form, head }) };
  });
}

/** `pipelines/adopted-2.yaml` beside `pipelines.yaml`, and beside `pipelines/shop.yaml` `pipelines/shop-2.yaml`. */
function further(file: string, number: number): string {
  const base = file.replace(/\.ya?ml$/, "");
  return dirname(file) === "." ? join(base, `adopted-${number}.yaml`) : `${base}-${number}.yaml`;
}

/** With room for what YAML adds to JSON: indentation, quotes, comments. */
const PART = maxFileBytes / 3;

function parts(entries: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [[]];
  let size = 0;
  for (const entry of entries) {
    const own = JSON.stringify(entry).length;
    if (size > 0 && size + own > PART) {
      all.push([]);
      size = 0;
    }
    size += own;
    all.at(-1)?.push(entry);
  }
  return all;
}

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

/** Files that are as they were again if the work on them is not done to its end. */
export interface Undone {
  /** From here on they stay as they are, until `restore` is called. */
  keep(this: void): void;
  restore(this: void): void;
  /** Runs `work`; if that fails, all is as it was. */
  orRestored<T>(this: void, work: () => Promise<T>): Promise<T>;
  /** Never half; with `copy` what was there is kept beside it. */
  write(this: void, path: string, text: string, copy: boolean): void;
}

/** Also after Ctrl-C. */
export function filesUndone(paths: readonly string[]): Undone {
  const before = paths.map((path) => {
    return existsSync(path) ? { path, bytes: readFileSync(path), mode: statSync(path).mode & 0o777 } : { path };
  });
  const restore = () => {
    for (const { path, bytes, mode } of before) {
      if (bytes === undefined) rmSync(path, { force: true });
      else if (!existsSync(path) || !readFileSync(path).equals(bytes)) replace(path, bytes, mode);
    }
  };
  const forget = onExit(restore);
  return {
    keep: forget,
    restore,
    async orRestored(work) {
      try {
        return await work();
      } catch (error) {
        forget();
        restore();
        throw error;
      }
    },
    write(path, text, copy) {
      mkdirSync(dirname(path), { recursive: true });
      const { bytes, mode } = before.find((known) => known.path === path) ?? {};
      if (copy && bytes !== undefined) replace(`${path}.before-adopt`, bytes, mode);
      replace(path, text, mode);
    },
  };
}

/** Who may read a file stays as it was. */
function replace(path: string, content: string | Buffer, mode: number | undefined): void {
  const made = `${path}.${process.pid}`;
  rmSync(made, { force: true });
  writeFileSync(made, content, { flag: "wx", ...(mode !== undefined && { mode }) });
  renameSync(made, path);
}
