// What production protects in Airbyte goes by name only: `--allow-unprotect NAME`.
import { askPulumi, readResources } from "./ask-pulumi.ts";
import { tail } from "../setup/process.mjs";
import { StopError } from "../setup/stop.mjs";
import type { OpenStack } from "./open-stack.ts";
import type { Project } from "./project.ts";
import type { PulumiCall } from "./pulumi-args.ts";
import type { StateResource } from "./state-resources.ts";

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
    throw new StopError(`${OPTION} needs the name of what may be deleted: ${OPTION} orders-to-warehouse`, 2);
  return { args, names, env: verb === "destroy" ? { AIRBYTE_ALLOW_UNPROTECT: names.join("\n") } : {} };
}

/** Sources, connections and other objects in Airbyte that a state protects. */
export function protectedObjects(resources: readonly Pick<StateResource, "urn" | "type" | "protect">[]) {
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
    throw new StopError(`${OPTION}: nothing protected is named ${unknown.join(", ")}; protected is: ${known}.`, 2);
  }
  for (const { urn } of found.filter(({ name }) => names.includes(name))) {
    const { code, output } = await askPulumi(project, opened, ["state", "unprotect", urn, "--yes"]);
    if (code !== 0) throw new StopError(`The protection of ${urn} can't be taken off. Pulumi says: ${tail(output)}`);
  }
}
