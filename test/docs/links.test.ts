import { existsSync } from "node:fs";
import { join } from "node:path";
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
