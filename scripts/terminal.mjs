import { createInterface } from "node:readline/promises";

/** Whether there is somebody who sees a question and can answer it. */
export function canAsk() {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/** No is what counts when nothing is said, as with Ctrl-D or Ctrl-C. */
export async function askYesNo(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `).catch(() => "");
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
