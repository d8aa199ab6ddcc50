import type { Kind } from "./kinds.ts";

type Report = (path: readonly PropertyKey[], text: string) => void;

interface Choice {
  keys: readonly [string, ...string[]];
  /** What is expected, where one of them is needed. */
  needed?: string;
}

const place: Choice = { keys: ["workspace", "workspaceId"] };

const connector: Choice = {
  keys: ["connector", "definition", "definitionId"],
  needed: "the connector's name, such as postgres, its definitionId, or as definition one that is declared here",
};

/** Keys that say the same in different ways: of each list one may be there. */
const choices: Record<Kind, readonly Choice[]> = {
  workspaces: [],
  tags: [place],
  sourceDefinitions: [place],
  destinationDefinitions: [place],
  declarativeSourceDefinitions: [
    place,
    { keys: ["manifest", "manifestFile"], needed: "the low-code manifest, or in manifestFile the path of its file" },
  ],
  sources: [place, connector],
  destinations: [place, connector],
  connections: [place],
  permissions: [
    { keys: ["workspace", "workspaceId", "organizationId"] },
    { keys: ["userId", "userEmail"], needed: "the user's id, or the address in userEmail" },
  ],
  applications: [],
};

/**
 * Checks what a declaration says in one of several ways.
 *
 * @param failed keys whose value couldn't be resolved: they are reported already
 */
export function checkChoices(
  kind: Kind,
  declaration: Record<string, unknown>,
  failed: ReadonlySet<string>,
  report: Report,
): void {
  for (const { keys, needed } of choices[kind]) {
    if (keys.some((key) => failed.has(key))) continue;
    const [first, ...others] = keys.filter((key) => declaration[key] !== undefined);
    if (first === undefined && needed !== undefined) report([keys[0]], `is missing; expected ${needed}`);
    if (first !== undefined && others.length > 0) report([first], `and ${others.join(" and ")}: give one of them`);
  }
}
