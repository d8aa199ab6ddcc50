import { markdownTable, megabytes, whole } from "../table.ts";
import type { Role } from "./cost.ts";
import { callsOf, type Figures, type OperationFigures } from "./figures.ts";
import { operations, type Operation } from "./stack.ts";
import type { Case } from "./workbench.ts";

/** What tells one case from the others. */
const caseColumns = {
  mode: ({ mode }: Case) => mode,
  stacks: ({ stacks }: Case) => whole(stacks),
  pipelines: ({ pipelines }: Case) => whole(pipelines),
  "latency, ms": ({ latencyMs }: Case) => whole(latencyMs),
};

/** Seconds of each operation, one line for each case. */
export function secondsTable(figures: Figures[]): string {
  const seconds = operations.map((name) => {
    return [`${name}, s`, (one: Figures) => one.operations[name].seconds.toFixed(1)] as const;
  });
  return markdownTable(figures, {
    ...caseColumns,
    resources: ({ resources }) => whole(resources),
    ...Object.fromEntries(seconds),
  });
}

type Line = Case & OperationFigures & { operation: Operation };

/** All figures but the calls by kind, one line for each operation. */
export function detailsTable(figures: Figures[]): string {
  const lines = figures.flatMap(({ operations: measured, ...one }) => {
    return operations.map((operation): Line => ({ ...one, operation, ...measured[operation] }));
  });
  const memory = (role: Role) => (line: Line) => (line.peakBytes?.[role] ? megabytes(line.peakBytes[role]) : "-");
  return markdownTable(lines, {
    ...caseColumns,
    operation: ({ operation }) => operation,
    s: ({ seconds }) => seconds.toFixed(1),
    "CPU, s": ({ cpuSeconds }) => cpuSeconds?.toFixed(1) ?? "-",
    "pulumi, MB": memory("cli"),
    "program, MB": memory("program"),
    "provider, MB": memory("provider"),
    calls: (line) => whole(callsOf(line)),
    tokens: ({ tokens }) => whole(tokens),
    "state, kB": ({ stateBytes }) => whole(stateBytes / 1000),
  });
}
