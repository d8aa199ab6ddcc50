import { createInterface } from "node:readline/promises";

/** Whether there is somebody who sees a question and can answer it. */
export function canAsk() {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/** No is what counts when nothing is said. */
export async function askYesNo(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
