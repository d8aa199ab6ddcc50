import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { onExit } from "../../setup/cleanup.mjs";

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
