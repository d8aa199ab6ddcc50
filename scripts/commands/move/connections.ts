// The connections of the first stack, and whether an end of theirs is the same in the other.
import type { Pipelines } from "../../../declaration/declare.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import { hasEnded, LATEST } from "../../../providers/airbyte/api/jobs.ts";
import { readSyncState, type SyncState } from "../../../providers/airbyte/api/sync-state.ts";
import type { Actor, Connection, Job, Json } from "../../../providers/airbyte/api/types.ts";
import { seen, type ActorInputs } from "../../../providers/airbyte/kinds/actor/view.ts";
import { isObject, same } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { folderOf, type Airbyte } from "../../stack/airbyte.ts";
import { arrivedIn } from "../../stack/arrived.ts";
import type { StackFacts } from "../../stack/stack-facts.ts";
import { airbyteObjects, type StateResource } from "../../stack/state.ts";

/** One of the two stacks. */
export interface Side {
  facts: StackFacts;
  target: string;
  resources: StateResource[];
}

/** A connection of the first stack as it is in its Airbyte. */
export interface Found {
  id: string;
  connection: Connection;
  source: Actor | undefined;
  destination: Actor | undefined;
  /** Its last syncs, newest first. */
  syncs: Job[];
  /** undefined where its Airbyte doesn't tell. */
  state: SyncState | undefined;
}

/** The connections of a stack by name; without those that are gone from its Airbyte. */
export async function findConnections(side: Side, { api, client }: Airbyte): Promise<Map<string, Found>> {
  const connections = airbyteObjects(side.resources).filter(({ type }) => type === "Connection");
  const found = await Promise.all(
    connections.map(async ({ name, id, inputs }) => {
      const workspaceId = typeof inputs.workspaceId === "string" ? inputs.workspaceId : "";
      const connection = await api.getConnection(id, workspaceId);
      if (!connection) return [];
      const [source, destination, jobs, state] = await Promise.all([
        api.getActor("source", connection.sourceId, workspaceId),
        api.getActor("destination", connection.destinationId, workspaceId),
        api.jobs.latest(id),
        readSyncState(client, id),
      ]);
      const syncs = jobs.filter(({ type }) => type === "sync");
      const one = { id, connection, source, destination, syncs, state };
      return [[name, one] as const];
    }),
  );
  return new Map(found.flat());
}

/** Ids of the connections whose rows the embedded Airbyte only played: they are in no destination. */
export async function simulatedIn({ facts, target }: Side): Promise<Set<string>> {
  if (target !== "embedded") return new Set();
  const arrived = (await arrivedIn(folderOf(facts))) ?? [];
  return new Set(arrived.flatMap(({ connectionId, simulatedBecause }) => (simulatedBecause ? [connectionId] : [])));
}

/** Whether it writes into its destination without being asked to. */
export function syncsByItself({ connection: { status, schedule }, syncs }: Found): boolean {
  if (syncs.some((job) => !hasEnded(job))) return true;
  return status === "active" && (schedule?.scheduleType ?? "manual") !== "manual";
}

/** `3 syncs so far brought 1,200 rows` */
export function soFar({ syncs }: Found): string {
  const done = syncs.filter(({ status }) => status === "succeeded");
  const rows = done.reduce((sum, job) => sum + job.rows, 0).toLocaleString("en");
  const count = `${done.length} ${done.length === 1 ? "sync" : "syncs"}`;
  return `${syncs.length < LATEST ? `${count} so far` : `the last ${count}`} brought ${rows} rows`;
}

/** A source or destination as a stack declares it, with its secrets in plain. */
type Declared = Pipelines["sources"][string] | Pipelines["destinations"][string];

/** One end of a connection, in the first stack and in the other. */
interface Ends {
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
