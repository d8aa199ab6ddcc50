import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The most resident memory that the process has had, as Linux tells; null elsewhere, and of a process that is gone. */
export function peakBytes(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** The processes of a server that write into databases. */
export function writersOf(server: number): number[] {
  const pids = existsSync("/proc/self/stat") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return pids.map(Number).filter((pid) => {
    return read(`/proc/${pid}/cmdline`).includes("writer.py") && parentOf(pid) === server;
  });
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
