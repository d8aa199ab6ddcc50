import type { ConnectorKind } from "../../state.ts";
import { permissiveSpecification } from "../../connectors/simulated.ts";
import type { Instance } from "../../instance.ts";
import type { Json } from "../../json.ts";
import { connectorOf, liveActor, shownConfiguration } from "../../platform/actors.ts";
import { findConnection } from "../../platform/connections.ts";
import { mask } from "../../connectors/secrets.ts";
import { nextRun } from "../../syncs/next-run.ts";
import { scheduleInWords, showActor, showJob } from "./overview.ts";
import type { ActorDetails, ConnectionDetails, JobDetails, Setting } from "./shapes.ts";

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
  const jobs = store.jobs.all();
  const anchor = jobs.findLast((job) => job.connectionId === id && job.jobType === "sync")?.createdAt;
  const next = nextRun(schedule, Date.now(), anchor ?? connection.createdAt);
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
