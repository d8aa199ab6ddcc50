import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors/user-error.ts";
import { buildPlan, environmentPlans, lockFile, uvPlan } from "../../embedded/connectors/python/environments.ts";
import { didYouMean } from "../../errors/nearest.ts";
import { quietly, tail } from "../setup/process.mjs";
import { uvProgram } from "../setup/python-environment.mjs";
import { choosePython, pythonsOnPath } from "../setup/python.mjs";
import { mistake } from "./command-line.ts";
import type { Call } from "./command.ts";

/** Resolves with the exit code. */
export async function lockPackages({ args: names, env }: Call): Promise<number> {
  const plans = [uvPlan, buildPlan, ...environmentPlans];
  const known = plans.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw mistake("lock-connectors", `There is no ${unknown}${didYouMean(unknown, known)}`);
  }
  const found = choosePython(await pythonsOnPath(env));
  if (found.missing !== undefined) throw new UserError(found.missing);
  const uv = await uvProgram(env, found);
  const folder = mkdtempSync(join(tmpdir(), "lock-connectors-"));
  try {
    for (const plan of plans) {
      const isWanted = names.length === 0 || names.includes(plan.name);
      if (isWanted) await lock(uv, { ...plan, file: lockFile(plan.name) }, folder, env);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

/** An environment's packages. */
interface Plan {
  name: string;
  requirement: string;
  override?: string | undefined;
  /** The oldest Python that it takes, and below which one. */
  python: readonly string[];
  /** Where they are written down. */
  file: string;
}

/** For every platform and every Python that the package takes. No word of where the packages come from: that is the user's to say. */
async function lock(uv: string, plan: Plan, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { name, requirement, override, python, file } = plan;
  const wanted = join(folder, `${name}.in`);
  writeFileSync(wanted, `${requirement}\n`);
  const overrides = join(folder, `${name}.override`);
  if (override) writeFileSync(overrides, `${override}\n`);
  const args = [
    ...["pip", "compile", "--quiet", "--universal", "--python-version", python[0] ?? "", "--generate-hashes"],
    ...["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"],
    ...(override ? ["--override", overrides] : []),
    ...[wanted, "--output-file", file],
  ];
  const { code, output } = await quietly(uv, args, { env, label: `Locking ${name}` });
  if (code !== 0) throw new UserError(`${requirement} can't be locked:\n${tail(output)}`);
}
