// What came of the measurements: medians, tables and a plot.
import { markdownTable, median, megabytes, whole } from "../table.ts";
import { roles, type Measurement, type Role } from "./measuring.ts";
import { operations, type Case, type Operation } from "./stack.ts";

/** Of one case; `pipelines` is in each stack. */
export interface Figures extends Case {
  /** Of all stacks: those of the pipelines, without the stack itself and its workspace. */
  resources: number;
  runs: number;
  operations: Record<Operation, OperationFigures>;
}

/** Each the median of the runs. Of several stacks: one after the other, all together. */
interface OperationFigures extends Measurement {
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

function callsOf({ calls }: Pick<Measurement, "calls">): number {
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

const plot = { width: 380, height: 260, left: 50, top: 40, gap: 70, legend: 130 };
const colors = ["#1b6ca8", "#2a9d4a", "#8b5fbf", "#d98c00", "#5c6670", "#c0392b"];

interface Scale {
  x: (pipelines: number) => number;
  y: (seconds: number) => number;
}

/** Seconds against pipelines as an SVG: a panel for each mode and latency, two side by side, with a line for each operation. */
export function plotOf(figures: Figures[]): string {
  const titles = [...new Set(figures.map(titleOf))];
  const columns = Math.min(titles.length, 2);
  const rowHeight = plot.top + plot.height + 50;
  const panels = titles.flatMap((title, index) => {
    const own = figures.filter((one) => titleOf(one) === title);
    const place = { left: plot.left + (index % 2) * (plot.width + plot.gap), top: Math.floor(index / 2) * rowHeight };
    return panelOf(own, title, { left: place.left, top: place.top + plot.top }, figures);
  });
  const right = plot.left + columns * (plot.width + plot.gap) - plot.gap + 20;
  const [width, height] = [right + plot.legend, Math.ceil(titles.length / 2) * rowHeight];
  const legend = operations.flatMap((operation, index) => {
    const y = plot.top + 10 + index * 20;
    return [line([right, right + 20], [y, y], colorOf(index), 2), text(right + 26, y + 4, operation, "start")];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...panels,
    ...legend,
    "</svg>\n",
  ].join("\n");
}

function titleOf({ mode, latencyMs }: Figures): string {
  return `seconds, ${mode} mode, API latency ${latencyMs} ms`;
}

/** Every panel has the axes of all figures, so that they compare. */
function panelOf(
  own: Figures[],
  title: string,
  { left, top }: { left: number; top: number },
  all: Figures[],
): string[] {
  const most = Math.max(...all.flatMap((one) => operations.map((operation) => one.operations[operation].seconds)));
  const [xStep, yStep] = [stepOf(Math.max(...all.map(pipelinesOf))), stepOf(most)];
  const [xEnd, yEnd] = [xStep * 5, yStep * 5];
  const scale: Scale = {
    x: (pipelines) => left + (pipelines / xEnd) * plot.width,
    y: (seconds) => top + plot.height * (1 - seconds / yEnd),
  };
  const [bottom, middle, end] = [top + plot.height, left + plot.width / 2, left + plot.width];
  const ticks = [0, 1, 2, 3, 4, 5].flatMap((n) => [
    line([left, end], [scale.y(n * yStep), scale.y(n * yStep)], "#ddd", 1),
    text(left - 6, scale.y(n * yStep) + 4, numeral(n * yStep), "end"),
    text(scale.x(n * xStep), bottom + 16, numeral(n * xStep), "middle"),
  ]);
  return [
    text(middle, top - 16, title, "middle"),
    ...ticks,
    text(middle, bottom + 36, "pipelines", "middle"),
    ...curvesOf(own, scale),
  ];
}

/** Of all stacks together. */
function pipelinesOf({ pipelines, stacks }: Figures): number {
  return pipelines * stacks;
}

function curvesOf(figures: Figures[], { x, y }: Scale): string[] {
  const sorted = figures.toSorted((one, other) => pipelinesOf(one) - pipelinesOf(other));
  return operations.flatMap((operation, index) => {
    const at = sorted.map((one) => [round(x(pipelinesOf(one))), round(y(one.operations[operation].seconds))] as const);
    const points = at.map((point) => point.join(",")).join(" ");
    const dots = at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colorOf(index)}"/>`);
    return [`<polyline points="${points}" fill="none" stroke="${colorOf(index)}" stroke-width="2"/>`, ...dots];
  });
}

function line([x1, x2]: [number, number], [y1, y2]: [number, number], color: string, width: number): string {
  const place = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`;
  return `<line ${place} stroke="${color}" stroke-width="${width}"/>`;
}

function text(x: number, y: number, words: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${words}</text>`;
}

/** The least of 1, 2, 5, 10, 20 … of which five reach the value. */
function stepOf(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value / 5));
  return ([1, 2, 5].find((factor) => factor * power * 5 >= value) ?? 10) * power;
}

/** Without the noise of binary fractions. */
function numeral(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function colorOf(index: number): string {
  return colors[index % colors.length] ?? "#000";
}
