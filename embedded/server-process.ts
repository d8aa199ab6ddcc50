import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Whether a process is the server of a data folder: this user's, and started as `launch.ts` starts one. Asked before a process is ended
 * that somebody on a port has named.
 */
export function isServerOf(dataDir: string, pid: number): boolean {
  const found = Number.isInteger(pid) && pid > 1 ? lookAt(pid) : undefined;
  if (!found || found.uid !== process.getuid?.()) return false;
  const words = `${found.command.replaceAll("\0", " ")} `;
  return /[\\/]embedded[\\/]main\.ts /.test(words) && words.includes(` ${resolve(dataDir)} `);
}

interface Found {
  uid: number;
  command: string;
}

function lookAt(pid: number): Found | undefined {
  try {
    return { uid: statSync(`/proc/${pid}`).uid, command: readFileSync(`/proc/${pid}/cmdline`, "utf8") };
  } catch {
    // Not Linux, or no such process.
    const { stdout } = spawnSync("ps", ["-o", "uid=,command=", "-p", String(pid)], { encoding: "utf8" });
    const [, uid, command] = /^\s*(\d+)\s+(.*)$/s.exec(stdout ?? "") ?? [];
    return uid === undefined || command === undefined ? undefined : { uid: Number(uid), command };
  }
}
