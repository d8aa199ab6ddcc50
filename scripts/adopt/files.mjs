import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
    keep: forget,
    restore() {
      forget();
      restore();
    },
    /** Never half; with `copy` what was there is kept beside it. */
    write(path, text, copy) {
      mkdirSync(dirname(path), { recursive: true });
      const old = before.find(([known]) => known === path)?.[1];
      if (copy && old !== undefined) copyFileSync(path, `${path}.before-adopt`);
      replace(path, text);
    },
  };
}

function replace(path, content) {
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
}
