// What production protects in Airbyte goes by name only: `--allow-unprotect NAME`.
import { askPulumi, readResources } from "./ask-pulumi.mjs";
import { tail } from "./setup/process.mjs";
import { StopError } from "./setup/stop.mjs";

const OPTION = "--allow-unprotect";

/**
 * The arguments without our own `--allow-unprotect NAME`, the names that were given so, and what a program must know that runs while
 * its stack is destroyed: it would protect them anew.
 */
export function withAllowUnprotect({ verb, args: given }) {
  if (!["up", "destroy"].includes(verb)) return { args: given, names: [], env: {} };
  const names = [];
  const args = given.filter((arg, index) => {
    if (given[index - 1] === OPTION) return names.push(arg) && false;
    if (arg.startsWith(`${OPTION}=`)) return names.push(arg.slice(OPTION.length + 1)) && false;
    return arg !== OPTION;
  });
  if (given.at(-1) === OPTION || names.some((name) => name === "" || name.startsWith("-")))
    throw new StopError(`${OPTION} needs the name of what may be deleted: ${OPTION} orders-to-warehouse`, 2);
  return { args, names, env: verb === "destroy" ? { AIRBYTE_ALLOW_UNPROTECT: names.join("\n") } : {} };
}

/** Sources, connections and other objects in Airbyte that a state protects. */
export function protectedObjects(resources) {
  const inAirbyte = resources.filter(({ type, protect }) => protect && type.startsWith("pulumi-nodejs:dynamic/"));
  return inAirbyte.map(({ urn, type }) => ({ urn, kind: type.split(":").at(-1), name: urn.split("::").at(-1) }));
}

/** Takes the protection off what is named, so that the run that follows may delete it. */
export async function unprotect(project, opened, names) {
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
