import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What runs leave when their server is killed: theirs, PyAirbyte's logs, and the runs of versions that named them by an id alone. */
const left = /^(run-.+|logs|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A new folder for the private files of one run. */
export function newRun(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return mkdtempSync(join(folder, "run-"));
}

/** Takes away what runs have left, and nothing that they didn't make: no program writes elsewhere, but if one did, it were somebody's data. */
export function clearRuns(folder: string): void {
  try {
    for (const name of readdirSync(folder))
      if (left.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
    rmdirSync(folder);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(code)) throw error;
  }
}
