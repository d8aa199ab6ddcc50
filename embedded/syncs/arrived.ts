import type { ArrivedRows } from "../connectors/connector.ts";
import type { Platform } from "../platform/platform.ts";
import type { Connection, Job } from "../state.ts";
import { lastSync } from "./jobs.ts";
import { endsOf, streamsOf, tablesOf } from "./plan.ts";

/** What the last successful sync of a connection brought. */
export interface Arrived {
  connectionId: string;
  name: string;
  destination: string;
  jobId: number;
  /** Why nothing is in the destination, for people; null where something is. */
  simulatedBecause: string | null;
  streams: ArrivedRows[];
}

/** Every connection that has synced once, newest job first. */
export async function arrivedOfAll(platform: Platform, workspaceId?: string): Promise<Arrived[]> {
  const connections = platform.store.connections.all().filter((connection) => {
    return connection.status !== "deprecated" && (workspaceId ?? connection.workspaceId) === connection.workspaceId;
  });
  const found = await Promise.all(connections.map((connection) => arrivedOf(platform, connection, 0)));
  return found.filter((one) => one !== undefined).sort((a, b) => b.jobId - a.jobId);
}

/** undefined where no sync has succeeded yet. */
export async function arrivedOf(
  platform: Platform,
  connection: Connection,
  limit: number,
  streamName?: string,
): Promise<Arrived | undefined> {
  const { store } = platform;
  const job = lastSync(store, connection.id, "succeeded");
  if (!job) return undefined;
  const { source, destination } = endsOf(platform, connection);
  const played = [source, destination].find(({ connector }) => connector.simulated);
  const common = {
    connectionId: connection.id,
    name: connection.name,
    destination: store.destinations.get(connection.destinationId)?.name ?? "",
    jobId: job.id,
    simulatedBecause: played
      ? `${played.connector.name} is simulated: ${played.connector.simulatedBecause ?? ""}`
      : null,
  };
  if (played || !destination.connector.rows) return { ...common, streams: counted(job) };
  const all = await streamsOf(platform, connection, { say: () => undefined });
  const streams = streamName === undefined ? all : all.filter(({ stream }) => stream.name === streamName);
  const { configuration } = destination;
  const tables = tablesOf(connection, streams);
  return { ...common, streams: await destination.connector.rows({ configuration, tables, limit }) };
}

// Of made-up rows there are only the counts of the job.
function counted({ attempts = [] }: Job): ArrivedRows[] {
  const { streams = [] } = attempts.at(-1) ?? {};
  return streams.map(({ name, namespace, rows }) => ({ name, namespace, count: rows, rows: [] }));
}
