import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface PythonEnvironment {
  /** The folder of its programs. Start them through `python`: `python bin/source-faker spec`. */
  bin: string;
  python: string;
}

const installer = fileURLToPath(new URL("../../../scripts/setup/python-environment.mjs", import.meta.url));
const made = new Map<string, Promise<PythonEnvironment>>();

/**
 * The virtual environment of a connector (`source-faker`) or of PyAirbyte (`pyairbyte`), installed on first use in the
 * project's cache folder. Everybody who asks meanwhile waits for the same installation; after a failure the next one
 * tries again. Throws an error that says why there is none, and what to do.
 *
 * @param tell takes the lines of progress
 */
export function pythonEnvironment(name: string, tell: (line: string) => void): Promise<PythonEnvironment> {
  const known = made.get(name);
  if (known) return known;
  const making = make(name, tell).catch((error: unknown) => {
    made.delete(name);
    throw error;
  });
  made.set(name, making);
  return making;
}

async function make(name: string, tell: (line: string) => void): Promise<PythonEnvironment> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", installer, name], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // An installation is no use to anybody when the server ends; a terminated one tidies up.
  const end = () => child.kill();
  process.once("exit", end);
  createInterface(child.stderr).on("line", tell);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  await new Promise((resolve, reject) => {
    child.once("close", resolve).once("error", reject);
  });
  process.off("exit", end);
  const result = parse(stdout);
  if ("error" in result) throw new Error(result.error);
  return result;
}

function parse(stdout: string): PythonEnvironment | { error: string } {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  return line === "" ? { error: "The installation was interrupted" } : (JSON.parse(line) as PythonEnvironment);
}
