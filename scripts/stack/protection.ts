// What a destroy, or an up, doesn't take away unless that is said: objects that production protects, and what holds an Airbyte's data.
import { shellQuoted, UserError } from "../../errors/user-error.ts";
import { say } from "../setup/messages.mjs";
import type { OpenStack } from "./open-stack.ts";
import type { Project } from "./project.ts";
import type { PulumiCall } from "./pulumi-args.ts";
import { demandOfPulumi, readResources, type StateResource } from "./state.ts";

const OPTION = "--allow-unprotect";

/**
 * The arguments without our own `--allow-unprotect NAME`, the names that were given so, and what a program must know that runs while
 * its stack is destroyed: it would protect them anew.
 */
export function withAllowUnprotect({ verb = "", args: given }: Pick<PulumiCall, "verb" | "args">): {
  args: string[];
  names: string[];
  env: NodeJS.ProcessEnv;
} {
  if (!["up", "destroy"].includes(verb)) return { args: given, names: [], env: {} };
  const isName = (index: number) => given[index - 1] === OPTION;
  const names = given.flatMap((arg, index) => {
    if (isName(index)) return arg;
    return arg.startsWith(`${OPTION}=`) ? arg.slice(OPTION.length + 1) : [];
  });
  const args = given.filter((arg, index) => !isName(index) && arg !== OPTION && !arg.startsWith(`${OPTION}=`));
  if (given.at(-1) === OPTION || names.some((name) => name === "" || name.startsWith("-")))
    throw new UserError(`${OPTION} needs the name of what may be deleted: ${OPTION} orders-to-warehouse`, {
      exitCode: 2,
    });
  return { args, names, env: verb === "destroy" ? { AIRBYTE_ALLOW_UNPROTECT: names.join("\n") } : {} };
}

/** Sources, connections and other objects in Airbyte that a state protects. */
function protectedObjects(resources: readonly Pick<StateResource, "urn" | "type" | "protect">[]) {
  const inAirbyte = resources.filter(({ type, protect }) => protect && type.startsWith("pulumi-nodejs:dynamic/"));
  return inAirbyte.map(({ urn, type }) => {
    return { urn, kind: type.split(":").at(-1) ?? "", name: urn.split("::").at(-1) ?? "" };
  });
}

/** Takes the protection off what is named, so that the run that follows may delete it. */
export async function unprotect(project: Project, opened: OpenStack, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const found = protectedObjects(await readResources(project, opened));
  const unknown = names.filter((name) => !found.some((object) => object.name === name));
  if (unknown.length > 0) {
    const known = found.map(({ kind, name }) => `${name} (${kind})`).join(", ") || "nothing";
    throw new UserError(`${OPTION}: nothing protected is named ${unknown.join(", ")}; protected is: ${known}.`, {
      exitCode: 2,
    });
  }
  for (const { urn } of found.filter(({ name }) => names.includes(name))) {
    const otherwise = `The protection of ${urn} can't be taken off.`;
    await demandOfPulumi(project, opened, ["state", "unprotect", urn, "--yes"], { otherwise });
  }
}

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
