import { childrensCpuSeconds, commandOf, descendantsOf, peakBytes } from "../../scripts/commands/test/processes.ts";
import { operations, type Operation, type Usage, type Workbench } from "./stack.ts";

/** Of one operation, once. */
export interface Measurement extends Cost, Usage {
  /** Of the state's file after the operation. */
  stateBytes: number;
}

/** Measures each operation once, on one stack after the other, in a project without resources, and leaves none. */
export async function measureAll(bench: Workbench, pipelines: number): Promise<Record<Operation, Measurement>> {
  bench.declare(pipelines);
  const measured: [Operation, Measurement][] = [];
  for (const operation of operations) {
    if (operation === "up, one change") bench.declare(pipelines, 4);
    await bench.usage(); // what came before doesn't count
    const costs: Cost[] = [];
    for (const stack of bench.stacks) costs.push(await costOf((watch) => stack.perform(operation, watch)));
    const stateBytes = sum(bench.stacks.map((stack) => stack.stateBytes));
    measured.push([operation, { ...total(costs), ...(await bench.usage()), stateBytes }]);
  }
  return Object.fromEntries(measured) as Record<Operation, Measurement>;
}

/** Of runs one after the other: their times add up, their memory doesn't. */
function total(costs: Cost[]): Cost {
  const cpu = costs.map(({ cpuSeconds }) => cpuSeconds);
  const most = (role: Role) => Math.max(...costs.map(({ peakBytes }) => peakBytes?.[role] ?? 0));
  return {
    seconds: sum(costs.map(({ seconds }) => seconds)),
    cpuSeconds: cpu.includes(null) ? null : sum(cpu.map(Number)),
    peakBytes: costs.some(({ peakBytes }) => peakBytes === null)
      ? null
      : (Object.fromEntries(roles.map((role) => [role, most(role)])) as Record<Role, number>),
  };
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

const everyMs = 100;

/** What a command of pulumi took. What only Linux tells is null elsewhere. */
interface Cost {
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
async function costOf(work: (watch: (pid: number) => void) => Promise<void>): Promise<Cost> {
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
