// What a person at a terminal sees and is asked.
import { createInterface } from "node:readline/promises";
import { onOneLine } from "../errors/user-error.ts";

/** Whether there is somebody who sees a question and can answer it. */
export function canAsk(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/** No is what counts when nothing is said, as with Ctrl-D or Ctrl-C. */
export async function askYesNo(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `).catch(() => "");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

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

/** Breaks lines that are too long at a space; what follows stands under the text, as in a list of options. */
export function fold(text: string, columns = Math.min(process.stdout.columns || 100, 100)): string {
  return text
    .split("\n")
    .flatMap((line) => foldLine(line, Math.max(columns, 40)))
    .join("\n");
}

function foldLine(line: string, columns: number): string[] {
  const [lead = ""] = /^\s*(?:\S+(?: \S+)*? {2,}(?=\S))?/.exec(line) ?? [];
  const indent = " ".repeat(lead.length < columns / 2 ? lead.length : 2);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const cut = rest.lastIndexOf(" ", columns);
    if (cut < 0 || rest.slice(0, cut).trim() === "") break; // one long word
    lines.push(rest.slice(0, cut).trimEnd());
    rest = indent + rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
