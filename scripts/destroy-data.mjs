// Destroying a stack of the target aws leaves the volume with Airbyte's data, unless it is given up by name.
import { quietly } from "./setup/process.mjs";
import { say } from "./setup/progress.mjs";

/**
 * The arguments of `destroy` without our own `--destroy-data`, and what goes with it. Pulumi reads from the state what is protected:
 * the program must run for another answer.
 */
export function withDestroyData({ verb, args }, target) {
  if (verb !== "destroy" || target !== "aws") return { args, env: {} };
  const given = args.filter((arg) => arg !== "--destroy-data");
  if (given.length === args.length) return { args: [...given, "--exclude-protected"], env: {} };
  return { args: [...given, "--run-program"], env: { AIRBYTE_DESTROY_DATA: "true" } };
}

/** Names what a destroyed stack still costs. */
export async function tellWhatRemains(project, opened) {
  const { stdout } = await quietly("pulumi", ["stack", "export"], { env: opened.env, cwd: project.dir });
  const { deployment } = JSON.parse(stdout);
  for (const line of whatRemains(deployment.resources ?? [], opened.env.PULUMI_STACK)) say(line);
}

/** Sentences about what is left in a state, and about the snapshots, which are in none. */
export function whatRemains(resources, stack) {
  const name = `airbyte-${stack.slice(stack.lastIndexOf("/") + 1)}`;
  const volumes = resources.filter(({ type }) => type === "aws:ebs/volume:Volume");
  const others = resources.filter(({ type, custom }) => custom && !/^(aws:ebs.volume|pulumi:providers)/.test(type));
  return [
    ...volumes.map(
      ({ id, outputs }) =>
        `Kept: the volume ${id} (${outputs?.size} GB) with Airbyte's data. It costs money; to remove it: npm run destroy -- --destroy-data`,
    ),
    ...(others.length > 0
      ? [`Kept, because they are protected or needed by what is: ${others.length} more resources.`]
      : []),
    `Kept: snapshots, if any were taken; they cost money. To list them: aws ec2 describe-snapshots --owner-ids self --filters "Name=tag:Name,Values=${name}*"`,
  ];
}
