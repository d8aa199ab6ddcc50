import { environmentPlan } from "./environments.ts";

interface Python {
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

export type { Python };
export { pythonsOnPath };

/** Why an environment can't be made of these Pythons, and what to do; undefined where it can. */
export function whyNoPython(pythons: Python[], environment: string): string | undefined {
  const [from, below] = environmentPlan(environment).python;
  const chosen = choosePython(pythons, from, below);
  return "missing" in chosen ? chosen.missing : undefined;
}
