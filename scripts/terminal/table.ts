import { onOneLine } from "../../errors/printable.ts";

const WIDEST = 30;

/** A value in few words. */
export function cell(value: unknown): string {
  const text = value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

/** A table for people: a line of headings, then the rows. */
export function printTable(given: Record<string, string>[], right: string[] = []): void {
  const rows = given.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, text]) => [onOneLine(column), onOneLine(text)])),
  );
  const columns = Object.keys(rows[0] ?? {});
  const width = (column: string) => Math.max(column.length, ...rows.map((row) => (row[column] ?? "").length));
  const widths = new Map(columns.map((column) => [column, width(column)]));
  const line = (texts: Record<string, string>) => {
    const cells = columns.map((column) => {
      const text = texts[column] ?? "";
      const to = widths.get(column) ?? 0;
      return right.includes(column) ? text.padStart(to) : text.padEnd(to);
    });
    console.log(cells.join("  ").trimEnd());
  };
  line(Object.fromEntries(columns.map((column) => [column, column])));
  for (const row of rows) line(row);
}
