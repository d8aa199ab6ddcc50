/** A table in Markdown, so that it can go into docs/figures.md: columns by their heads, each with the cell of one line. */
export function markdownTable<T>(lines: T[], columns: Record<string, (line: T) => string>): string {
  const head = Object.keys(columns);
  const cells = lines.map((line) => Object.values(columns).map((cell) => cell(line)));
  return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? "-" : whole(bytes / 1_000_000);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? NaN)) / 2 : upper;
}
