import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { onExit } from "../setup/cleanup.mjs";

/** Files that are as they are now again if the work on them is not done to its end, also after Ctrl-C. */
export function filesUndone(paths) {
  const before = paths.map((path) =>
    existsSync(path) ? [path, readFileSync(path), statSync(path).mode & 0o777] : [path],
  );
  const restore = () => {
    for (const [path, bytes, mode] of before) {
      if (bytes === undefined) rmSync(path, { force: true });
      else if (!existsSync(path) || !readFileSync(path).equals(bytes)) replace(path, bytes, mode);
    }
  };
  const forget = onExit(restore);
  return {
    /** From here on they stay as they are, until `restore` is called. */
    keep: forget,
    restore,
    /** Runs `work`; if that fails, all is as it was. */
    async orRestored(work) {
      try {
        return await work();
      } catch (error) {
        forget();
        restore();
        throw error;
      }
    },
    /** Never half; with `copy` what was there is kept beside it. */
    write(path, text, copy) {
      mkdirSync(dirname(path), { recursive: true });
      const [, old, mode] = before.find(([known]) => known === path) ?? [];
      if (copy && old !== undefined) replace(`${path}.before-adopt`, old, mode);
      replace(path, text, mode);
    },
  };
}

/** Who may read a file stays as it was. */
function replace(path, content, mode) {
  const made = `${path}.${process.pid}`;
  rmSync(made, { force: true });
  writeFileSync(made, content, { flag: "wx", ...(mode !== undefined && { mode }) });
  renameSync(made, path);
}
