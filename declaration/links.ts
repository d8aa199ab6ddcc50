import { UUID } from "../providers/airbyte/lifecycle/inputs.ts";
import { didYouMean } from "../errors/nearest.ts";
import type { Written } from "./entries.ts";
import { kindNames, singular, type Kind } from "./kinds.ts";

type Report = (path: readonly PropertyKey[], text: string) => void;

/** Keys of a declaration that name another one, and the kinds that it can be of. */
const links: Record<Kind, Record<string, readonly Kind[]>> = {
  workspaces: {},
  tags: { workspace: ["workspaces"] },
  sourceDefinitions: { workspace: ["workspaces"] },
  destinationDefinitions: { workspace: ["workspaces"] },
  declarativeSourceDefinitions: { workspace: ["workspaces"] },
  sources: { workspace: ["workspaces"], definition: ["sourceDefinitions", "declarativeSourceDefinitions"] },
  destinations: { workspace: ["workspaces"], definition: ["destinationDefinitions"] },
  connections: { workspace: ["workspaces"], source: ["sources"], destination: ["destinations"], tags: ["tags"] },
  permissions: { workspace: ["workspaces"] },
  applications: {},
};

/** Where Airbyte's own id may stand in place of a name, for what others manage; the rest have a setting of their own for it. */
const BY_ID = ["source", "destination", "tags"];

/** Whether a reference is Airbyte's id of an object, and not the name of an entry. */
export function isId(reference: string): boolean {
  return UUID.test(reference);
}

/**
 * Checks that everything a declaration names is declared, and of the right kind.
 *
 * @param failed keys whose value couldn't be resolved: they are reported already
 */
export function checkLinks(
  kind: Kind,
  declaration: Record<string, unknown>,
  { written, failed, report }: { written: Written; failed: ReadonlySet<string>; report: Report },
): void {
  for (const [key, targets] of Object.entries(links[kind])) {
    const value = declaration[key];
    if (failed.has(key)) continue;
    const isName = (name: unknown): name is string => typeof name === "string" && !(BY_ID.includes(key) && isId(name));
    if (isName(value)) checkLink(value, targets, written, (text) => report([key], text));
    if (!Array.isArray(value)) continue;
    for (const [index, name] of value.entries()) {
      if (isName(name)) checkLink(name, targets, written, (text) => report([key, index], text));
    }
  }
}

function checkLink(name: string, targets: readonly Kind[], written: Written, fail: (text: string) => void): void {
  // An empty name is reported already, and of kinds with mistaken templates nobody knows what there is.
  if (name === "" || targets.some((kind) => written.incomplete.has(kind))) return;
  const found = targets.filter((kind) => written.entries[kind].has(name));
  if (found.length === 1) return;
  if (found.length > 1) {
    fail(`"${name}" is declared under ${found.join(" and under ")}; give one of them another name`);
    return;
  }
  const wanted = targets.map(singular).join(" or ");
  const other = kindNames.find((kind) => written.entries[kind].has(name));
  const names = targets.flatMap((kind) => [...written.entries[kind].keys()]);
  fail(`there is no ${wanted} "${name}"${other ? `; "${name}" is a ${singular(other)}` : didYouMean(name, names)}`);
}
