import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sync as writeFileAtomicSync } from "write-file-atomic";
import { z } from "zod";
import { DiscoveredStream } from "../api/types.ts";

/** What the program has found out before it registered anything: for this run's provider, and for the next run. */
const Examined = z.object({
  /** Where the engine of the run listens (`host:port`), which program and provider both know. */
  engine: z.string(),
  /** What sources offer, by `offerKey`. */
  offers: z.record(z.string(), z.array(DiscoveredStream)),
  /** Digests of the declarations in which no mistake was found. */
  passed: z.array(z.string()),
});
export type Examined = z.infer<typeof Examined>;

/** @param folder the one that this machine keeps for the stack */
export function readExamined(folder: string): Examined | undefined {
  try {
    return Examined.parse(JSON.parse(readFileSync(fileIn(folder), "utf8")));
  } catch {
    return undefined; // There is none, or one of another version: then everything is examined anew.
  }
}

export function writeExamined(folder: string, examined: Examined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileAtomicSync(fileIn(folder), JSON.stringify(examined), { mode: 0o600 });
}

/** The same as the provider knows it: undefined where it is an earlier run's. */
export function examinedInThisRun(folder: string): Examined | undefined {
  // The engine passes its address to its plugins as their first argument.
  const examined = readExamined(folder);
  return examined?.engine === process.argv[2] ? examined : undefined;
}

function fileIn(folder: string): string {
  return join(folder, "examined.json");
}
