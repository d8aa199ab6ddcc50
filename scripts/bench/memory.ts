import { commandOf, parentOf, processes, read } from "./processes.ts";

/** The most resident memory that the process has had, as Linux tells; null elsewhere, and of a process that is gone. */
export function peakBytes(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** The processes of a server that write into databases. */
export function writersOf(server: number): number[] {
  return processes().filter((pid) => commandOf(pid).includes("writer.py") && parentOf(pid) === server);
}
