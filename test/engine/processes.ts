import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Project } from "./project.ts";

/** The processes of the project's dynamic provider: they work in its folder. */
export function providersOf(project: Project): number[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && isProviderIn(project.dir, pid))
    .map(Number);
}

function isProviderIn(folder: string, pid: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes("dynamic-provider") && readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false; // Gone in the meantime.
  }
}
