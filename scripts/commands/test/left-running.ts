// Processes that a run of the tests has left behind. Its own are known by the folder for temporary files, which whatever it starts inherits:
// the embedded Airbyte too, which gets little else of its parent's environment.
import { readlinkSync } from "node:fs";
import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandOf, processes, read } from "./processes.ts";

/** What ends by itself may take a moment: an embedded Airbyte looks for its data folder every five seconds, twice. */
const patienceMs = 15_000;

/**
 * Ends the processes that still run with TMPDIR in `folder` after a moment's patience, and resolves with a line on each. Where there is no
 * /proc (macOS) nothing is known of them, and none is ended.
 */
export async function endLeftRunning(folder: string, patience = patienceMs): Promise<string[]> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await delay(100)) {
    if (runningIn(folder).length === 0) return [];
  }
  return runningIn(folder).map((pid) => {
    const line = `left running: process ${pid}, ${commandOf(pid)}${workingFolder(pid)}`;
    end(pid);
    return line;
  });
}

function runningIn(folder: string): number[] {
  return processes().filter((pid) => pid !== process.pid && isIn(folder, temporaryFolderOf(pid)));
}

function temporaryFolderOf(pid: number): string {
  const given = read(`/proc/${pid}/environ`).split("\0");
  return given.find((line) => line.startsWith("TMPDIR="))?.slice("TMPDIR=".length) ?? "";
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function workingFolder(pid: number): string {
  try {
    return ` (in ${readlinkSync(`/proc/${pid}/cwd`)})`;
  } catch {
    return "";
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}
