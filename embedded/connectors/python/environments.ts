import { fileURLToPath } from "node:url";
import { manifestRunner, publishedSources, pyairbyte } from "../published.ts";

/** A virtual environment to be: what goes into it, and the Pythons that it can be made of. */
export interface EnvironmentPlan {
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
