// npm run lock-connectors [-- NAME…]: writes embedded/connectors/python/locks, the packages of each connector with their hashes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPlan, environmentPlans, lockFile, uvPlan } from "../embedded/connectors/python/environments.ts";
import { didYouMean } from "../errors/nearest.ts";
import { quietly, tail } from "./setup/process.mjs";
import { uvProgram } from "./setup/python-environment.mjs";
import { choosePython, pythonsOnPath } from "./setup/python.mjs";
import { StopError } from "./setup/stop.mjs";

/** Locks the named environments, or all. Resolves with the exit code. */
export async function lockConnectors(names, env = process.env) {
  const plans = [uvPlan, buildPlan, ...environmentPlans];
  const unknown = names.find((name) => !plans.some((plan) => plan.name === name));
  if (unknown !== undefined)
    throw new StopError(
      `There is no ${unknown}${didYouMean(
        unknown,
        plans.map(({ name }) => name),
      )}`,
      2,
    );
  const found = choosePython(await pythonsOnPath(env));
  if (found.missing) throw new StopError(found.missing);
  const uv = await uvProgram(env, found);
  const folder = mkdtempSync(join(tmpdir(), "lock-connectors-"));
  try {
    for (const plan of plans) {
      if (names.length === 0 || names.includes(plan.name)) await lock(uv, plan, folder, env);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

/** For every platform and every Python that the package takes. No word of where the packages come from: that is the user's to say. */
async function lock(uv, { name, requirement, override, python: [from] }, folder, env) {
  const wanted = join(folder, `${name}.in`);
  writeFileSync(wanted, `${requirement}\n`);
  const overrides = join(folder, `${name}.override`);
  if (override) writeFileSync(overrides, `${override}\n`);
  const args = [
    ...["pip", "compile", "--quiet", "--universal", "--python-version", from, "--generate-hashes"],
    ...["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"],
    ...(override ? ["--override", overrides] : []),
    ...[wanted, "--output-file", lockFile(name)],
  ];
  const { code, output } = await quietly(uv, args, { env, label: `Locking ${name}` });
  if (code !== 0) throw new StopError(`${requirement} can't be locked:\n${tail(output)}`);
}
