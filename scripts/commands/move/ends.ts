import type { Pipelines } from "../../../declaration/declare.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { Actor, Json } from "../../../providers/airbyte/api/types.ts";
import { isObject, same } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { seen, type ActorInputs } from "../../../providers/airbyte/kinds/actor/view.ts";

/** A source or destination as a stack declares it, with its secrets in plain. */
type Declared = Pipelines["sources"][string] | Pipelines["destinations"][string];

/** One end of a connection, in the first stack and in the other. */
export interface Ends {
  kind: ActorKind;
  first: Declared | undefined;
  other: Declared | undefined;
  /** What the first Airbyte has; the declaration may be newer. */
  live: Actor | undefined;
}

/**
 * Why the two may not be one and the same database, service or file; undefined where they are. In doubt they are not: going on from a
 * state, rows that the state counts as done would never arrive.
 *
 * @param oneMachine whether both Airbytes are processes of this machine, to which localhost means the same
 */
export function whyNotSame({ kind, first, other, live }: Ends, oneMachine: boolean): string | undefined {
  if (!first || !other) return `its ${kind} is managed by others`;
  if (!live || !isApplied(first, live)) return `its ${kind} isn't as declared now in the first stack`;
  if (!same(connectorOf(first), connectorOf(other))) return `its ${kind} has other settings there`;
  const leaves = leavesOf(other.configuration as Json);
  if (leaves.some(isFile)) return `its ${kind} is a file, and each Airbyte has files of its own`;
  if (!oneMachine && leaves.some(isLoopback)) return `its ${kind} is on localhost, which is another machine there`;
  return undefined;
}

function connectorOf({ connector, definitionId, definition, configuration }: Declared): object {
  return { connector, definitionId, definition, configuration };
}

function isApplied(declared: Declared, live: Actor): boolean {
  const inputs = declared as unknown as ActorInputs;
  return same(seen(inputs, live).configuration, inputs.configuration);
}

type Leaf = [key: string, value: string];

function leavesOf(value: Json, key = ""): Leaf[] {
  if (typeof value === "string") return [[key, value]];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, key));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => leavesOf(item, name)) : [];
}

function isFile([key, value]: Leaf): boolean {
  if (key === "destination_path") return !value.startsWith("md:"); // DuckDB's, or MotherDuck
  return value.startsWith("file:") || (/path|file|directory/i.test(key) && value.startsWith("/"));
}

function isLoopback([, value]: Leaf): boolean {
  return /(^|[/@])(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|host\.docker\.internal)([:/]|$)/i.test(value);
}
