import type { ArrivedRows } from "../../connectors/connector.ts";
import { mask } from "../../connectors/secrets.ts";
import { permissiveSpecification } from "../../connectors/simulated.ts";
import type { Json } from "../../json.ts";
import { shownConfiguration } from "../../platform/actors.ts";
import { shownVersion } from "../../platform/definitions.ts";
import { actorsOf, connectorOf, findConnection, liveActor, type Platform } from "../../platform/platform.ts";
import type { Actor, Connection, ConnectorKind, Job, Schedule } from "../../state.ts";
import { ended, lastSync, nextSync } from "../../syncs/jobs.ts";
import { endsOf, streamsOf, tablesOf } from "../../syncs/plan.ts";
import type { Instance } from "../requests.ts";
import type {
  ActorDetails,
  ConnectionDetails,
  JobDetails,
  Overview,
  Setting,
  ShownActor,
  ShownConnection,
  ShownJob,
} from "./shapes.ts";

const mostJobs = 30;

/** Everything that the page shows at once. What takes time, or is long, it asks for one by one. */
export function overview(instance: Instance): Overview {
  const { store, version } = instance;
  const lastJobs = new Map(store.jobs.all().map((job) => [job.connectionId, job]));
  const actors = (kind: "source" | "destination") =>
    actorsOf(instance, kind)
      .all()
      .filter(({ deleted }) => !deleted)
      .map((actor) => showActor(instance, actor));
  return {
    version,
    workspaces: store.workspaces.all().filter(({ deleted }) => !deleted).length,
    sources: actors("source"),
    connections: store.connections
      .all()
      .filter(({ status }) => status !== "deprecated")
      .map((connection) => showConnection(instance, connection, lastJobs.get(connection.id))),
    destinations: actors("destination"),
    jobs: store.jobs
      .all()
      .slice(-mostJobs)
      .reverse()
      .map((job) => showJob(instance, job)),
  };
}

function showActor(instance: Instance, { id, kind, name, workspaceId, definitionId }: Actor): ShownActor {
  const connector = connectorOf(instance, kind, definitionId);
  return {
    id,
    name,
    workspace: workspaceName(instance, workspaceId),
    connector: connector.name,
    version: shownVersion(connector),
    simulatedBecause: connector.simulated ? (connector.simulatedBecause ?? "") : null,
  };
}

function showConnection(instance: Instance, connection: Connection, lastJob?: Job): ShownConnection {
  const { id, name, sourceId, destinationId, status } = connection;
  return {
    id,
    name,
    workspace: workspaceName(instance, connection.workspaceId),
    sourceId,
    destinationId,
    status,
    schedule: scheduleInWords(connection.schedule),
    streams: connection.streams.length,
    lastJob: lastJob ? showJob(instance, lastJob) : null,
  };
}

export function showJob({ store }: Pick<Instance, "store">, job: Job): ShownJob {
  const { id, connectionId, jobType, status, createdAt, rows, bytes, failure } = job;
  return {
    id,
    connectionId,
    connection: store.connections.get(connectionId)?.name ?? connectionId,
    jobType,
    status,
    createdAt,
    endedAt: ended(job) ? job.updatedAt : null,
    rows,
    bytes,
    attempts: job.attempts?.length ?? 0,
    failure,
  };
}

function scheduleInWords({ scheduleType, basicSchedule, cronExpression, cronTimeZone = "UTC" }: Schedule) {
  if (scheduleType === "cron") return `cron ${cronExpression ?? ""} (${cronTimeZone})`;
  if (scheduleType !== "basic" || !basicSchedule) return "synced by hand";
  const { units, timeUnit } = basicSchedule;
  return units === 1 ? `every ${timeUnit.replace(/s$/, "")}` : `every ${units} ${timeUnit}`;
}

function workspaceName({ store }: Instance, id: string): string {
  return store.workspaces.get(id)?.name ?? id;
}

/** Of a longer log the page gets the end. */
const mostLines = 2_000;

export async function actorDetails(instance: Instance, kind: ConnectorKind, id: string): Promise<ActorDetails> {
  const actor = liveActor(instance, kind, id);
  const { connectionSpecification } = await connectorOf(instance, kind, actor.definitionId).spec();
  // Which texts are secret is then known of the usual names alone, and a screen is easily shared.
  const unknown = connectionSpecification === permissiveSpecification;
  const settings = settingsOf(await shownConfiguration(instance, actor)).map((setting) =>
    unknown ? { ...setting, value: mask, secret: true } : setting,
  );
  return { ...showActor(instance, actor), settings };
}

/** Every value of a configuration on a line of its own. */
function settingsOf(value: Json, path: string[] = []): Setting[] {
  if (typeof value === "object" && value !== null) {
    // People count from 1.
    const name = (key: string) => (Array.isArray(value) ? String(Number(key) + 1) : key);
    return Object.entries(value).flatMap(([key, one]: [string, Json]) => settingsOf(one, [...path, name(key)]));
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return [{ path, value: text, secret: text === mask }];
}

export function connectionDetails(instance: Instance, id: string): ConnectionDetails {
  const connection = findConnection(instance, id);
  const { namespaceDefinition, namespaceFormat, prefix, schedule, tagIds } = connection;
  const { store } = instance;
  const next = nextSync(store, connection, Date.now());
  const lines: Record<string, string> = {
    status: connection.status,
    schedule: scheduleInWords(schedule),
    "next sync": next === null || connection.status !== "active" ? "" : new Date(next).toISOString(),
    namespace:
      namespaceDefinition === "custom_format" ? (namespaceFormat ?? "") : `as the ${namespaceDefinition} has it`,
    prefix,
    "changes of the source's schema": connection.nonBreakingSchemaUpdatesBehavior.replaceAll("_", " "),
    tags: tagIds.map((tagId) => store.tags.get(tagId)?.name ?? tagId).join(", "),
  };
  const given = Object.entries(lines).filter(([, value]) => value !== "");
  return {
    settings: given.map(([name, value]) => ({ path: [name], value, secret: false })),
    streams: connection.streams.map(({ name, namespace, syncMode, cursorField, primaryKey, selectedFields }) => ({
      name,
      namespace,
      syncMode: syncMode.replaceAll("_", " "),
      cursor: cursorField.join("."),
      key: primaryKey.map((path) => path.join(".")).join(", "),
      fields: selectedFields.length,
    })),
  };
}

/** @param after how many lines of the log are known already */
export function jobDetails(instance: Instance, id: number, after: number): JobDetails {
  const job = instance.jobs.find(id);
  const lines = instance.jobs.logs.of(id).lines();
  const from = Math.max(after, lines.length - mostLines);
  return {
    job: showJob(instance, job),
    attempts: (job.attempts ?? []).map(({ id: number, status, createdAt, endedAt, streams, failure }) => ({
      id: number,
      status,
      createdAt,
      endedAt,
      failure: failure?.message ?? null,
      streams,
    })),
    log: { lines: lines.slice(from), next: lines.length, leftOut: after === 0 ? from : 0 },
  };
}

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
