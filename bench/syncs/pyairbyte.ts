import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../embedded/connectors/python/environments.ts";
import { fakerConfiguration } from "./ends.ts";
import { interruption } from "../program.ts";
import type { Warehouse } from "./ends.ts";

const program = fileURLToPath(new URL("pyairbyte.py", import.meta.url));

export interface DirectRun {
  rows: number;
  /** Of PyAirbyte's `read` alone. */
  seconds: number;
  /** From the start of Python to the end of `read`. */
  wholeSeconds: number;
  /** From the start of a reading to its first row. */
  firstRowSeconds: number;
  peakBytes: number;
}

/** One run of the source by PyAirbyte, without this project. */
export async function readDirectly(rows: number, { kind, cache }: Warehouse, folder: string): Promise<DirectRun> {
  const { python } = await pythonEnvironment("pyairbyte", console.error);
  const faker = await startableFaker(folder);
  const request = { program: faker, source: fakerConfiguration(rows), kind, cache, began: Date.now() / 1000 };
  const child = spawn(python, ["-W", "ignore", program], {
    cwd: folder,
    env: environment(folder),
    signal: interruption,
  });
  child.stdin.end(JSON.stringify(request));
  const closed = new Promise<number | null>((resolve, reject) => child.once("close", resolve).once("error", reject));
  const [code, output, errors] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`PyAirbyte ended with ${code}: ${errors.trim().split("\n").at(-1) ?? ""}`);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as DirectRun;
}

/** PyAirbyte starts one file. The connector's own begins with the path of an interpreter that need not be there. */
async function startableFaker(folder: string): Promise<string> {
  const { python, bin } = await pythonEnvironment("source-faker", console.error);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "source-faker");
  writeFileSync(file, `#!/bin/sh\nexec '${python}' '${join(bin, "source-faker")}' "$@"\n`, { mode: 0o700 });
  return file;
}

// As for the embedded Airbyte's own writer: no telemetry, and nothing left in the user's folders.
function environment(folder: string): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG } = process.env;
  return {
    ...{ PATH, HOME, LANG, AIRBYTE_OFFLINE_MODE: "1", DO_NOT_TRACK: "1" },
    AIRBYTE_LOGGING_ROOT: join(folder, "logs"),
    AIRBYTE_PROJECT_DIR: folder,
  };
}
