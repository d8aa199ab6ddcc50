import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { onExit } from "../setup/cleanup.mjs";

/** Files that are as they are now again if the work on them is not done to its end, also after Ctrl-C. */
export function filesUndone(paths) {
  const before = paths.map((path) => [path, existsSync(path) ? readFileSync(path) : undefined]);
  const restore = () => {
    for (const [path, bytes] of before) {
      if (bytes === undefined) rmSync(path, { force: true });
      else if (!existsSync(path) || !readFileSync(path).equals(bytes)) replace(path, bytes);
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
      const old = before.find(([known]) => known === path)?.[1];
      if (copy && old !== undefined) writeFileSync(`${path}.before-adopt`, old);
      replace(path, text);
    },
  };
}

function replace(path, content) {
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
}
