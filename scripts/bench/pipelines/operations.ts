import type { Usage } from "./airbyte.ts";
import { costOf, roles, type Cost, type Role } from "./cost.ts";
import { operations, type Operation } from "./stack.ts";
import type { Workbench } from "./workbench.ts";

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
