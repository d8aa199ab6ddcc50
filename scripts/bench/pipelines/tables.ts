import { markdownTable, megabytes, whole } from "../table.ts";
import type { Role } from "./cost.ts";
import { callsOf, type Figures, type OperationFigures } from "./figures.ts";
import { operations, type Operation } from "./operations.ts";

/** Seconds of each operation, one line for each number of pipelines. */
export function secondsTable(figures: Figures[]): string {
  const seconds = operations.map((name) => {
    return [`${name}, s`, (one: Figures) => one.operations[name].seconds.toFixed(1)] as const;
  });
  return markdownTable(figures, {
    pipelines: ({ pipelines }) => whole(pipelines),
    resources: ({ resources }) => whole(resources),
    "latency, ms": ({ latencyMs }) => whole(latencyMs),
    ...Object.fromEntries(seconds),
  });
}

type Line = Pick<Figures, "pipelines" | "latencyMs"> & OperationFigures & { operation: Operation };

/** All figures but the calls by kind, one line for each operation. */
export function detailsTable(figures: Figures[]): string {
  const lines = figures.flatMap(({ pipelines, latencyMs, operations: measured }) => {
    return operations.map((operation): Line => ({ pipelines, latencyMs, operation, ...measured[operation] }));
  });
  const memory = (role: Role) => (line: Line) => (line.peakBytes?.[role] ? megabytes(line.peakBytes[role]) : "-");
  return markdownTable(lines, {
    pipelines: ({ pipelines }) => whole(pipelines),
    "latency, ms": ({ latencyMs }) => whole(latencyMs),
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
