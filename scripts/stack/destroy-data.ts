// Destroying a stack that set up an Airbyte leaves what holds its data, unless it is given up by name.
import { shellQuoted } from "../../errors/commands.ts";
import { readResources } from "./ask-pulumi.ts";
import type { OpenStack } from "./open-stack.ts";
import type { Project } from "./project.ts";
import { protectedObjects } from "./protection.ts";
import type { PulumiCall } from "./pulumi-args.ts";
import type { StateResource } from "./state-resources.ts";
import { say } from "../setup/progress.mjs";

/** Whether what holds the data of this target's Airbyte outlives the stack. */
export function keepsData(target: string): boolean {
  return ["aws", "kubernetes"].includes(target);
}

/**
 * The arguments of `destroy` without our own `--destroy-data`, and what goes with it. Pulumi reads from the state what is protected:
 * the program must run for another answer.
 */
export function withDestroyData(
  { verb, args }: Pick<PulumiCall, "verb" | "args">,
  target: string,
): { args: string[]; env: NodeJS.ProcessEnv } {
  if (verb !== "destroy" || !keepsData(target)) return { args, env: {} };
  const given = args.filter((arg) => arg !== "--destroy-data");
  if (given.length === args.length) return { args: [...given, "--exclude-protected"], env: {} };
  return { args: [...given, "--run-program"], env: { AIRBYTE_DESTROY_DATA: "true" } };
}

/** Names what a destroyed stack still has, and what of it costs money. */
export async function tellWhatRemains(project: Project, opened: OpenStack, target: string): Promise<void> {
  // What stopped the destroying has been said; this says no more.
  const resources = await readResources(project, opened).catch(() => []);
  for (const line of whatRemains(resources, opened.env.PULUMI_STACK ?? "", target)) say(line);
}

const byData = "to remove it: npm run destroy -- --destroy-data";

/** Sentences about what is left in a state, and about the snapshots, which are in none. */
export function whatRemains(resources: readonly Resource[], stack: string, target: string): string[] {
  const lines = resources.flatMap((resource) => holderOfData(resource) ?? []);
  const objects = protectedObjects(resources);
  if (objects.length > 0) {
    const names = objects.map(({ kind, name }) => `${kind} ${name}`).join(", ");
    const options = objects.map(({ name }) => `--allow-unprotect ${shellQuoted(name)}`).join(" ");
    lines.push(
      `Kept: ${names}, which production protects, and all they need. To let them go: npm run destroy -- ${options}`,
    );
  }
  if (target === "aws") {
    const name = `airbyte-${stack.slice(stack.lastIndexOf("/") + 1)}`;
    const filter = `--filters "Name=tag:Name,Values=${name}*"`;
    lines.push(
      `Kept: snapshots, if any were taken; they cost money. To list them: aws ec2 describe-snapshots --owner-ids self ${filter}`,
    );
  }
  return lines;
}

type Resource = Pick<StateResource, "urn" | "type" | "id" | "outputs" | "protect">;

function holderOfData({ type, id = "", outputs }: Resource): string | undefined {
  if (type === "aws:ebs/volume:Volume")
    return `Kept: the volume ${id} (${String(outputs?.size)} GB) with Airbyte's data. It costs money; ${byData}`;
  if (type === "kubernetes:core/v1:Namespace")
    return `Kept: the namespace ${id} with Airbyte's data: its disks cost money, and its database runs on; ${byData}`;
  if (type === "kubernetes:core/v1:PersistentVolumeClaim")
    return `Kept: the claim ${id} with files of Airbyte; ${byData}`;
  return undefined;
}
