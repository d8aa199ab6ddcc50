import { peakBytes } from "../memory.ts";
import { childrensCpuSeconds, commandOf, descendantsOf } from "../processes.ts";

const everyMs = 100;

/** What a command of pulumi took. What only Linux tells is null elsewhere. */
export interface Cost {
  /** From the start of pulumi's process to its end. */
  seconds: number;
  /** User and system time of pulumi and all that it has started. */
  cpuSeconds: number | null;
  /** The most resident memory of each process, as seen ten times a second; 0 of one that wasn't needed. */
  peakBytes: Record<Role, number> | null;
}

/** pulumi (or terraform) itself, the process of the program, and that of the provider of our resources. What else there is, is small. */
export const roles = ["cli", "program", "provider"] as const;
export type Role = (typeof roles)[number];

/** Measures work that starts one process, and calls back with its id. */
export async function costOf(work: (watch: (pid: number) => void) => Promise<void>): Promise<Cost> {
  const memory = new Memory();
  const cpuBefore = childrensCpuSeconds(process.pid);
  const began = performance.now();
  try {
    await work((pid) => {
      memory.watch(pid);
    });
  } finally {
    memory.end();
  }
  const seconds = (performance.now() - began) / 1000;
  const cpuAfter = childrensCpuSeconds(process.pid);
  const cpuSeconds = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  return { seconds, cpuSeconds, peakBytes: memory.peaks() };
}

class Memory {
  #timer: NodeJS.Timeout | undefined;
  #peaks: Record<Role, number> | null = null;

  watch(pid: number): void {
    this.#timer = setInterval(() => {
      this.#look(pid);
    }, everyMs);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  peaks(): Record<Role, number> | null {
    return this.#peaks;
  }

  #look(ancestor: number): void {
    for (const pid of [ancestor, ...descendantsOf(ancestor)]) {
      const role = pid === ancestor ? "cli" : roleOf(commandOf(pid));
      const bytes = peakBytes(pid);
      if (bytes === null || role === undefined) continue;
      this.#peaks ??= { cli: 0, program: 0, provider: 0 };
      this.#peaks[role] = Math.max(this.#peaks[role], bytes);
    }
  }
}

function roleOf(command: string): Role | undefined {
  // Before each of the two a short-lived Node looks for its file.
  if (command.includes("require.resolve")) return undefined;
  if (/dynamic-provider|terraform-provider/.test(command)) return "provider";
  return command.includes("/cmd/run") ? "program" : undefined;
}
