/**
 * The lines of a text block that nothing printed. Ids, spaces and numbers of several digits may differ; `…` is whatever stands
 * there.
 */
export function neverPrinted(block: string, said: string): string[] {
  const printed = said.split("\n").map(loosely);
  return block.split("\n").filter((line) => {
    const parts = line
      .split("…")
      .map(loosely)
      .filter((part) => part !== "");
    return parts.length > 0 && !printed.some((text) => parts.every((part) => text.includes(part)));
  });
}

function loosely(line: string): string {
  const ids = line.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID");
  return ids
    .replaceAll(/\d[\d,.]+/g, "N")
    .replaceAll(/\s+/g, " ")
    .trim();
}
