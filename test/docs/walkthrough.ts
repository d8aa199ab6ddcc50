import { notRun, runElsewhere, startsAnew } from "./classification.ts";
import { commandLines, type Block, type Page } from "./pages.ts";

/** Blocks that show what a command prints. */
export const outputs = ["text", "mermaid"];

/** What is done on a page that is read from top to bottom: its commands and outputs, split where a section starts anew. */
export function walkthroughs({ blocks }: Page): Block[][] {
  const parts: Block[][] = [];
  let last = "";
  for (const block of blocks.filter(isForHere)) {
    if (parts.length === 0 || (startsAnew.includes(block.section) && block.section !== last)) parts.push([]);
    parts.at(-1)?.push(block);
    last = block.section;
  }
  return parts.filter((part) => part.some(({ language }) => language === "sh"));
}

function isForHere({ language, section }: Block): boolean {
  return ["sh", ...outputs].includes(language) && !(section in notRun) && !(section in runElsewhere);
}

/** What is not done, by section or by command, each with its reason. */
export function leftOut({ blocks }: Page): { what: string; reason: string }[] {
  const shown = blocks.filter(({ language }) => ["sh", ...outputs].includes(language));
  const sections = [...new Set(shown.map(({ section }) => section))];
  const commands = shown.filter(({ language }) => language === "sh").flatMap(({ text }) => commandLines(text));
  return [...sections, ...commands].flatMap((what) => {
    const reason = notRun[what];
    return reason === undefined ? [] : [{ what, reason }];
  });
}
