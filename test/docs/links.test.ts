import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lexer, type Tokens } from "marked";
import { expect, test } from "vitest";
import { pages, projectDir, readPage } from "./pages.ts";

const anchors = new Map<string, Set<string>>();

function anchorsOf(file: string): Set<string> {
  const found = anchors.get(file) ?? readPage(file).anchors;
  anchors.set(file, found);
  return found;
}

test.each([...pages, readPage("CHANGELOG.md")])("every link of $name leads somewhere", ({ links }) => {
  const dead = links.filter(({ file, anchor }) => {
    if (!existsSync(join(projectDir, file))) return true;
    return anchor !== undefined && !anchorsOf(file).has(anchor);
  });
  expect(dead.map(({ href }) => href)).toEqual([]);
});

test.each([
  ["README.md", "Promises"],
  ["SECURITY.md", "What could go wrong, and what stops it"],
])("every line of the table in %s under %s names the test that holds it", (page, heading) => {
  const tokens = lexer(readFileSync(join(projectDir, page), "utf8"));
  const at = tokens.findIndex((token) => token.type === "heading" && token.text === heading);
  const table = tokens.slice(at).find((token) => token.type === "table") as Tokens.Table | undefined;
  expect(table?.rows.length).toBeGreaterThan(5);
  for (const row of table?.rows ?? []) expect(row.at(-1)?.text).toMatch(/\]\(test\/[^)]+\)/);
});
