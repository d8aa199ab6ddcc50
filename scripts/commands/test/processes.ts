// What Linux tells of processes in /proc, and those that a run of the tests has left behind. Elsewhere there is no /proc, and nothing is known.
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Linux counts processor time for programs in hundredths of a second, whatever its own clock does. */
const ticksPerSecond = 100;

/** The processes that a process has started, and those that they have started in turn. */
export function descendantsOf(ancestor: number): number[] {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const found = new Set([ancestor]);
  // A child can have a smaller number than its parent, so one pass in order would miss some.
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  found.delete(ancestor);
  return [...found];
}

/** The command line, its parts separated by spaces; empty of a process that is gone. */
export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]);
}

export function processes(): number[] {
  const names = existsSync("/proc/self/stat") ? readdirSync("/proc") : [];
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** User and system time in seconds of a process's ended children, and of all that those had waited for themselves. */
export function childrensCpuSeconds(pid: number): number | null {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold spaces. These are fields 16 and 17.
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15);
  return user === undefined || system === undefined ? null : (Number(user) + Number(system)) / ticksPerSecond;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The most resident memory that the process has had, as Linux tells; null elsewhere, and of a process that is gone. */
export function peakBytes(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

// The processes of a run of the tests are known by the folder for temporary files, which whatever it starts inherits:
// the embedded Airbyte too, which gets little else of its parent's environment.

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
