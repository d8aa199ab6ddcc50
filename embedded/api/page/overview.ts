import type { Instance } from "../../instance.ts";
import { actorsOf, connectorOf } from "../../platform/actors.ts";
import { shownVersion } from "../../platform/definitions.ts";
import { ended } from "../../platform/jobs.ts";
import type { Actor, Connection, Job, Schedule } from "../../state.ts";
import type { Overview, ShownActor, ShownConnection, ShownJob } from "./shapes.ts";

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

export function showActor(instance: Instance, { id, kind, name, workspaceId, definitionId }: Actor): ShownActor {
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

export function scheduleInWords({ scheduleType, basicSchedule, cronExpression, cronTimeZone = "UTC" }: Schedule) {
  if (scheduleType === "cron") return `cron ${cronExpression ?? ""} (${cronTimeZone})`;
  if (scheduleType !== "basic" || !basicSchedule) return "synced by hand";
  const { units, timeUnit } = basicSchedule;
  return units === 1 ? `every ${timeUnit.replace(/s$/, "")}` : `every ${units} ${timeUnit}`;
}

function workspaceName({ store }: Instance, id: string): string {
  return store.workspaces.get(id)?.name ?? id;
}
