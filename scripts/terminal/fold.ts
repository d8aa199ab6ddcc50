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
