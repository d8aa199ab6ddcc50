import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { manifestRunner, publishedSources, pyairbyte } from "../published.ts";

/** A virtual environment to be: what goes into it, and the Pythons that it can be made of. */
interface EnvironmentPlan {
  /** One per connector, named as its program: `source-faker`; and `pyairbyte`. */
  name: string;
  /** The package that it is made for. */
  requirement: string;
  override?: string | undefined;
  /** From the first, below the second. */
  python: readonly [from: string, below: string];
}

export const environmentPlans: EnvironmentPlan[] = [
  ...publishedSources.map(({ type, ...plan }) => ({ ...plan, name: `source-${type}` })),
  { ...manifestRunner, name: manifestRunner.program },
  { ...pyairbyte, name: "pyairbyte" },
  // No connector: what `npm run fuzz` calls the APIs by.
  { name: "schemathesis", requirement: "schemathesis==4.32.5", python: ["3.11", "4"] },
];

/** Python's fast installer, which makes the others. */
export const uvPlan: EnvironmentPlan = { name: "uv", requirement: "uv==0.13.9", python: ["3.8", "4"] };

/**
 * What packages are built with that some platform, or all, have no wheel of. Only these, so that no build fetches whatever its package
 * asks for: the backends of genson and pendulum, and those of most others.
 */
export const buildPlan: EnvironmentPlan = {
  name: "build",
  requirement: ["cffi==2.1.1", "maturin==1.16.0", "poetry-core==2.5.0", "setuptools==84.2.1", "wheel==0.48.0"].join(
    "\n",
  ),
  python: ["3.10", "4"],
};

/** Everything that an environment holds, with hashes; `npm run lock-connectors` writes it. */
export function lockFile(name: string): string {
  return fileURLToPath(new URL(`locks/${name}.txt`, import.meta.url));
}

export function environmentPlan(name: string): EnvironmentPlan {
  const plan = environmentPlans.find((candidate) => candidate.name === name);
  if (!plan) throw new Error(`There is no Python environment ${name}`);
  return plan;
}

export interface Python {
  command: string;
  version: string;
  venv: boolean;
}

// Set-up runs before anything is installed, so it is plain JavaScript; these are the types of what is used here.
const { pythonsOnPath, choosePython } = (await import(
  new URL("../../../scripts/setup/python.mjs", import.meta.url).href
)) as {
  pythonsOnPath: (env?: NodeJS.ProcessEnv) => Promise<Python[]>;
  choosePython: (pythons: Python[], from: string, below: string) => Python | { missing: string };
};

export { pythonsOnPath };

/** Why an environment can't be made of these Pythons, and what to do; undefined where it can. */
export function whyNoPython(pythons: Python[], environment: string): string | undefined {
  const [from, below] = environmentPlan(environment).python;
  const chosen = choosePython(pythons, from, below);
  return "missing" in chosen ? chosen.missing : undefined;
}

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

/** The same where it is installed already; else an error. */
export async function installedEnvironment(name: string): Promise<PythonEnvironment> {
  const { isInstalled } = (await import(new URL(`file://${installer}`).href)) as {
    isInstalled: (name: string) => boolean;
  };
  if (!isInstalled(name)) throw new Error(`${name} is not installed`);
  return pythonEnvironment(name, () => undefined);
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
