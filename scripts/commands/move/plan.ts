// What becomes of each connection in a move, and how that is told.
import type { Pipelines } from "../../../declaration/declare.ts";
import { stackOption } from "../../../errors/user-error.ts";
import { isSet } from "../../../providers/airbyte/api/sync-state.ts";
import type { Connection } from "../../../providers/airbyte/api/types.ts";
import { CONNECTION_DEFAULTS } from "../../../providers/airbyte/kinds/connection/view.ts";
import { same } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { soFar, syncsByItself, whyNotSame, type Found } from "./connections.ts";

/** What the user said of sync states; `safe`: nothing. */
export type States = "with" | "without" | "safe";

/** What becomes of a connection of the pipelines in the other stack. */
export interface Planned {
  name: string;
  /** As it is in the first stack's Airbyte; undefined where it isn't there. */
  found: Found | undefined;
  /** `left`: it has synced in the other Airbyte, and goes on from there. */
  fate: "carried" | "afresh" | "left";
  /** Why its sync state isn't carried over. */
  why: string | undefined;
  /** It would write into the same tables as the first stack, which goes on doing so by itself. */
  contested: boolean;
}

/** What is the same for all connections of a move. */
export interface Circumstances {
  from: string;
  to: string;
  /** As each stack declares them with its own values; the first's are undefined where they can't be read any more. */
  first: Pipelines | undefined;
  other: Pipelines;
  found: ReadonlyMap<string, Found>;
  /** Ids of those whose rows are in no destination. */
  simulated: ReadonlySet<string>;
  /** Those that have synced in the other Airbyte. */
  alive: ReadonlySet<string>;
  states: States;
  /** Whether the other Airbyte takes sync states; undefined where it can't be asked yet. */
  takesStates: boolean | undefined;
  /** Which of the two is the embedded Airbyte. */
  embedded: { from: boolean; to: boolean };
}

export function plan(circumstances: Circumstances): Planned[] {
  const { other, found, alive, simulated } = circumstances;
  return Object.keys(other.connections).map((name): Planned => {
    const one = found.get(name);
    const tables = whyOtherTables(name, circumstances);
    if (alive.has(name)) return { name, found: one, fate: "left", why: undefined, contested: false };
    const contested = one !== undefined && tables === undefined && syncsByItself(one) && !simulated.has(one.id);
    const why = whyAfresh(name, tables, circumstances);
    return { name, found: one, fate: why === undefined ? "carried" : "afresh", why, contested };
  });
}

function whyAfresh(name: string, otherTables: string | undefined, circumstances: Circumstances): string | undefined {
  const { from, to, states, takesStates, embedded } = circumstances;
  const found = circumstances.found.get(name);
  if (!found) return `${from} has not made it`;
  if (states === "without") return "as --without-state says";
  if (!found.state) return `${from}'s Airbyte doesn't tell sync states`;
  if (!isSet(found.state)) return "it has no sync state yet";
  if (takesStates === false) return `${to}'s Airbyte takes no sync states`;
  if (states === "with") return undefined;
  if (circumstances.simulated.has(found.id)) return "its rows were simulated, and are in no destination";
  // Another writer may build the tables anew, and rows that the state counts as done would be gone.
  if (embedded.from !== embedded.to)
    return "its tables are the embedded Airbyte's, which Airbyte's own connector may make anew";
  return otherTables ?? whyNotSameEnd("source", name, circumstances);
}

const OF_THE_TABLES = ["prefix", "namespaceDefinition", "namespaceFormat", "streams", "streamDefaults"] as const;

/** Why it may not write into the same tables as in the first stack. */
function whyOtherTables(name: string, circumstances: Circumstances): string | undefined {
  const [first, other] = [circumstances.first?.connections[name], circumstances.other.connections[name]];
  if (!first || !other) return `what ${circumstances.from} declares of it can't be read`;
  const differing = OF_THE_TABLES.find((key) => !same(first[key], other[key]));
  if (differing) return `its ${differing} differs there`;
  const stale = whatIsStale(first, circumstances.found.get(name)?.connection);
  if (stale) return `its ${stale} isn't as declared now in the first stack`;
  return whyNotSameEnd("destination", name, circumstances);
}

/** What of the tables' names is another in the first Airbyte than what is declared: set by hand there, or not applied yet. */
function whatIsStale(declared: Pipelines["connections"][string], live: Connection | undefined): string | undefined {
  const keys = ["prefix", "namespaceDefinition", "namespaceFormat"] as const;
  // Without a format of one's own Airbyte answers with one that means nothing.
  const meant = keys.filter((key) => key !== "namespaceFormat" || declared.namespaceDefinition === "custom_format");
  return meant.find((key) => (live?.[key] ?? CONNECTION_DEFAULTS[key]) !== (declared[key] ?? CONNECTION_DEFAULTS[key]));
}

function whyNotSameEnd(
  kind: "source" | "destination",
  name: string,
  { first, other, found, embedded }: Circumstances,
): string | undefined {
  const endIn = (pipelines: Pipelines | undefined) => {
    const end = pipelines?.connections[name]?.[kind];
    return end === undefined ? undefined : pipelines?.[`${kind}s`][end];
  };
  const ends = { kind, first: endIn(first), other: endIn(other), live: found.get(name)?.[kind] };
  return whyNotSame(ends, embedded.from && embedded.to);
}

/** The plan in lines, those that share a fate together. */
export function planInWords(planned: Planned[], to: string): string[] {
  const names = (some: Planned[]) => some.map(({ name }) => name).join(", ");
  const of = (fate: Planned["fate"]) => planned.filter((one) => one.fate === fate);
  const [carried, left] = [of("carried"), of("left")];
  const meanwhile = left.length > 0 ? ` (all of ${to} is paused meanwhile)` : "";
  return [
    ...(carried.length > 0 ? [`carried over: ${names(carried)}${meanwhile}`] : []),
    ...of("afresh").map(({ name, why = "", found }) => {
      const again =
        found && found.syncs.length > 0 ? `all rows are synced again (${soFar(found)})` : "nothing to carry over";
      return `${name}: ${again}; ${why}`;
    }),
    ...(left.length > 0 ? [`left as they are, since they have synced in ${to}: ${names(left)}`] : []),
  ];
}

/** What a move has come to. */
interface Outcome {
  from: string;
  /** The first stack is paused. */
  isQuiet: boolean;
  to: string;
  planned: Planned[];
  /** Connections that the first stack goes on syncing by itself, into the same tables. */
  contested: string[];
  /** Those whose state could not be carried over. */
  failed: string[];
  /** As the user wanted it. */
  paused?: boolean | undefined;
}

/** What was done, and what to do next. */
export function closingWords({ from, isQuiet, to, planned, contested, failed, paused }: Outcome): string {
  const again = `npm run move -- --to ${to}${stackOption(from)}`;
  const connections = `${planned.length} ${planned.length === 1 ? "connection" : "connections"}`;
  if (failed.length > 0) {
    return `${to} stays paused, since the sync state of ${failed.join(", ")} is not there. Again: ${again}; without: ${again} --without-state`;
  }
  if (contested.length > 0) {
    return [
      `${connections} of ${from} are in ${to}, and paused there: ${from} goes on writing into the same tables (${contested.join(", ")}),`,
      `and two Airbytes must not. To change over:`,
      ...pausing(from).map((line) => `  ${line}`),
      `  ${again}    # carries the newest sync states over, and starts ${to}`,
    ].join("\n");
  }
  if (paused) return `${connections} of ${from} are in ${to}, and paused there. To start them: ${again}`;
  const how = isQuiet ? "paused as it was" : "as it was, and still syncs what it is asked to";
  return [
    `${connections} of ${from} are in ${to}, and sync there as declared. ${from} is ${how}.`,
    `To take it down: npm run destroy -- --stack ${from}`,
    ...(isQuiet ? [] : [`To pause it: ${pausing(from).join(" && ")}`]),
  ].join("\n");
}

/** The commands that stop all syncs of a stack. */
export function pausing(stack: string): string[] {
  return [`npm run pulumi -- config set paused true --stack ${stack}`, `npm start -- --stack ${stack}`];
}
