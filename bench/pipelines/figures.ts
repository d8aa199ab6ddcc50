import { markdownTable, median, megabytes, whole } from "../table.ts";
import { roles, type Measurement, type Role } from "./measuring.ts";
import { operations, type Operation } from "./stack.ts";
import type { Case } from "./workbench.ts";

/** Of one case; `pipelines` is in each stack. */
export interface Figures extends Case {
  /** Of all stacks: those of the pipelines, without the stack itself and its workspace. */
  resources: number;
  runs: number;
  operations: Record<Operation, OperationFigures>;
}

/** Each the median of the runs. Of several stacks: one after the other, all together. */
export interface OperationFigures extends Measurement {
  /** Of each run, to see how far they are apart. */
  secondsOfRuns: number[];
}

export type Run = Record<Operation, Measurement>;

export function figuresOf(one: Case, runs: Run[]): Figures {
  const entries = operations.map((name) => [name, medianOf(runs.map((run) => run[name]))] as const);
  return {
    ...one,
    resources: 3 * one.pipelines * one.stacks,
    runs: runs.length,
    operations: Object.fromEntries(entries) as Figures["operations"],
  };
}

function medianOf(runs: Measurement[]): OperationFigures {
  const of = (read: (run: Measurement) => number) => median(runs.map(read));
  const known = (read: (run: Measurement) => number | null | undefined) => {
    const values = runs.map(read).filter((value) => typeof value === "number");
    return values.length < runs.length ? null : median(values);
  };
  const kinds = [...new Set(runs.flatMap(({ calls }) => Object.keys(calls)))];
  const peaks = roles.map((role) => [role, known(({ peakBytes }) => peakBytes?.[role])] as const);
  return {
    seconds: of(({ seconds }) => seconds),
    secondsOfRuns: runs.map(({ seconds }) => seconds),
    cpuSeconds: known(({ cpuSeconds }) => cpuSeconds),
    peakBytes: peaks.some(([, bytes]) => bytes === null) ? null : (Object.fromEntries(peaks) as Record<Role, number>),
    calls: Object.fromEntries(kinds.map((kind) => [kind, of(({ calls }) => calls[kind] ?? 0)])),
    tokens: of(({ tokens }) => tokens),
    stateBytes: of(({ stateBytes }) => stateBytes),
  };
}

export function callsOf({ calls }: Pick<Measurement, "calls">): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

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
