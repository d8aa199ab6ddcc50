// What Linux tells of processes in /proc. Elsewhere there is none of it, and nothing is known.
import { existsSync, readdirSync, readFileSync } from "node:fs";

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

export function read(file: string): string {
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
