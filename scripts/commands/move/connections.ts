import { join } from "node:path";
import { hasEnded, LATEST } from "../../../providers/airbyte/api/jobs.ts";
import { readSyncState, type SyncState } from "../../../providers/airbyte/api/sync-state.ts";
import type { Actor, Connection, Job } from "../../../providers/airbyte/api/types.ts";
import type { Airbyte } from "../../stack/airbyte.ts";
import { setting, type StackFacts } from "../../stack/stack-facts.ts";
import { arrivedIn } from "../../stack/arrived.ts";
import { airbyteObjects, type StateResource } from "../../stack/state-resources.ts";

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
  const folder = setting(facts, "stateDir") ?? join(".airbyte", facts.stack);
  const arrived = (await arrivedIn(folder)) ?? [];
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
