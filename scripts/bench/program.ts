import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { interruption } from "./interruption.ts";

/** Runs a part of the benchmark with the arguments of this process; what goes wrong is said in one line. */
export async function runPart(main: (args: string[]) => Promise<void>): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(interruption.aborted ? "Interrupted" : (error as Error).message);
    process.exitCode = 1;
  }
}

/** Writes a file of results, in a folder that need not be there. */
export function writeResult(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
