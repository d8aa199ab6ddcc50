import { readlinkSync } from "node:fs";
import { commandOf, processes } from "../../scripts/commands/test/processes.ts";
import type { Project } from "./project.ts";

/** The processes of the project's dynamic provider: they work in its folder. */
export function providersOf(project: Project): number[] {
  return processes().filter((pid) => commandOf(pid).includes("dynamic-provider") && folderOf(pid) === project.dir);
}

/** Pulumi's own language host looks every five minutes only whether its engine, which a test has killed, is still there. */
export function endLanguageHosts(folder: string): void {
  const hosts = processes().filter((pid) => commandOf(pid).includes("pulumi-language-") && folderOf(pid) === folder);
  for (const pid of hosts) process.kill(pid, "SIGKILL");
}

function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // Gone in the meantime.
  }
}
