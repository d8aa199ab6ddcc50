// What stands in the way of a move: all that the doctor finds, what the other Airbyte lacks, and what would be there twice.
import { loadPipelines, type Pipelines } from "../../../declaration/declare.ts";
import { isId } from "../../../declaration/links.ts";
import { ConfigurationError, isUserError } from "../../../errors/user-error.ts";
import { issueInWords } from "../../../errors/zod-issues.ts";
import { publicApiRoot } from "../../../providers/airbyte/api/address.ts";
import type { AirbyteApi } from "../../../providers/airbyte/api/airbyte-api.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import type { InWorkspace } from "../../../providers/airbyte/api/object-calls.ts";
import { keepsSyncStates } from "../../../providers/airbyte/api/sync-state.ts";
import type { AirbyteObjects } from "../../../providers/airbyte/kinds/calls.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import { zoneTrouble } from "../../../providers/airbyte/kinds/connection/life.ts";
import { classNameOf, kindOf, sections, singular, type Section } from "../../../providers/airbyte/kinds/names.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { storedPaths } from "../../../providers/airbyte/lifecycle/stored.ts";
import { openAirbyte, workspaceIn, workspaceOf, type Airbyte } from "../../stack/airbyte.ts";
import { setting, valuesOf, type StackFacts } from "../../stack/stack-facts.ts";
import { airbyteObjects } from "../../stack/state.ts";
import { examine } from "../doctor/examine.ts";
import type { Report } from "../doctor/report.ts";
import { findConnections, simulatedIn, type Side } from "./connections.ts";
import { pausing, plan, planInWords, type Planned, type States } from "./plan.ts";

/**
 * Says what a move would do and what stands in its way, and changes nothing.
 *
 * @param to the other stack as it will be, with what is carried over
 * @returns what becomes of each connection; undefined where something stands in the way
 */
export async function examineMove(
  report: Report,
  from: Side,
  to: Side,
  states: States,
): Promise<Planned[] | undefined> {
  const url = await examine(report, to.facts);
  const other = declaredBy(to.facts);
  if (!other) return undefined; // Its mistakes are told.
  const reached = url !== undefined && !report.failures.some((step) => UNREACHED.includes(step));
  const airbyte = reached ? await openAirbyte(to.facts, url) : undefined;
  if (airbyte) await examineOther(report, other, to, airbyte);
  const made = new Set(airbyteObjects(to.resources).map(({ type, name }) => `${type}/${name}`));
  const stored = onlyStored(other, made);
  if (stored.length > 0) report.fail("secrets", stored.join("\n"));
  if (url !== undefined && isSameAirbyte(from.facts, to.facts, url))
    report.fail("workspace", `it is ${from.facts.stack}'s own: everything would be there twice`);

  tellWhatIsThere(report, other, made);
  const planned = await planFor(from, to, other, states, airbyte);
  const lines = planInWords(planned, to.facts.stack);
  if (lines.length > 0) report.info("sync states", lines.join("\n"));
  requireQuiet(report, planned, from.facts.stack);
  return report.failures.length === 0 ? planned : undefined;
}

/** Two Airbytes must not write the same tables. Until the first has stopped the other stack is paused, but not what it does already. */
function requireQuiet(report: Report, planned: Planned[], from: string): void {
  const contested = planned.filter((one) => one.contested).map(({ name }) => name);
  if (contested.length === 0 || !planned.some(({ fate }) => fate === "left")) return;
  const found = `${from} goes on writing by itself into the tables of ${contested.join(", ")}; pause it first`;
  report.fail("first stack", found, pausing(from));
}

async function planFor(from: Side, to: Side, other: Pipelines, states: States, airbyte: Airbyte | undefined) {
  const opened = await openAirbyte(from.facts);
  const [found, simulated, there] = await Promise.all([
    findConnections(from, opened),
    simulatedIn(from),
    airbyte && findConnections(to, airbyte),
  ]);
  return plan({
    from: from.facts.stack,
    to: to.facts.stack,
    first: declaredBy(from.facts),
    other,
    found,
    simulated,
    alive: new Set([...(there ?? [])].filter(([, { syncs }]) => syncs.length > 0).map(([name]) => name)),
    states,
    takesStates: airbyte && (await keepsSyncStates(airbyte.client)),
    embedded: { from: from.target === "embedded", to: to.target === "embedded" },
  });
}

async function examineOther(report: Report, pipelines: Pipelines, to: Side, { api }: Airbyte): Promise<void> {
  const workspaceId = await workspaceIn(to.facts, { api });
  if (workspaceId === undefined) return;
  const lacks = await notOffered(pipelines, api, workspaceId);
  if (lacks.length > 0) report.fail("offers", lacks.join("\n"), "take it out of the pipelines, or move elsewhere");

  const ids = namedIds(pipelines);
  const strange = await strangeIds(ids, api, workspaceId);
  const next = "${config:NAME} in place of the id, and a value of its own in each stack";
  if (strange.length > 0) report.fail("ids", strange.join("\n"), next);
  const unknown = ids.filter(({ kind }) => kind === undefined).map(({ place }) => place);
  if (unknown.length > 0) report.info("ids", `see to it that they mean the same there: ${unknown.join(", ")}`);
}

/** Steps of the doctor without which nothing can be asked. */
const UNREACHED = ["embedded", "reach", "TLS", "health", "token", "workspace"];

/** undefined where the files have mistakes with these values. */
function declaredBy(facts: StackFacts): Pipelines | undefined {
  try {
    return loadPipelines(process.cwd(), setting(facts, "pipelines") ?? "pipelines.yaml", valuesOf(facts));
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function tellWhatIsThere(report: Report, pipelines: Pipelines, made: ReadonlySet<string>): void {
  const declared = sections.flatMap((kind) => Object.keys(pipelines[kind]).map((name) => nameInState(kind, name)));
  const there = declared.filter((name) => made.has(name)).length;
  if (there > 0) report.info("there already", `${there} of ${declared.length}; they are not made twice`);
}

function isSameAirbyte(from: StackFacts, to: StackFacts, url: string): boolean {
  const workspace = workspaceOf(to) ?? from.keptWorkspaceId;
  return publicApiRoot(from.keptUrl ?? "") === publicApiRoot(url) && from.keptWorkspaceId === workspace;
}

/** What the pipelines ask of an Airbyte and this one doesn't offer, each in a line. */
export async function notOffered(pipelines: Pipelines, api: AirbyteApi, workspaceId: string): Promise<string[]> {
  const objects = sections.filter((kind): kind is keyof AirbyteObjects => kind in api.objects);
  const used = objects.filter((kind) => Object.keys(pipelines[kind]).length > 0);
  const kinds = await Promise.all(
    used.map(async (kind) => {
      const why = await whyNone(api, kind, workspaceId);
      return why === undefined ? [] : [`${kind}: ${why}`];
    }),
  );
  const zones = Object.entries(pipelines.connections).flatMap(([name, connection]) => {
    const troubles = zoneTrouble(connection as unknown as ConnectionInputs, { api } as Context);
    return troubles.map((trouble) => `connections.${name}.${issueInWords(trouble)}`);
  });
  return [...kinds.flat(), ...zones, ...(api.hasConfigApi ? [] : allocations(pipelines))];
}

async function whyNone(api: AirbyteApi, kind: keyof AirbyteObjects, workspaceId: string): Promise<string | undefined> {
  const calls = api.objects[kind] as {
    unavailable?(): Promise<string | undefined>;
    list(scope: object): Promise<unknown>;
  };
  try {
    const why = await calls.unavailable?.();
    // Who has which permission is asked user by user, so there is no list to try.
    if (why === undefined && kind !== "permissions") await calls.list({ workspaceId });
    return why;
  } catch (error) {
    if (error instanceof AirbyteError) return undefined; // The preview says better what is wrong.
    if (isUserError(error)) return error.summary;
    throw error;
  }
}

function allocations({ sources, destinations }: Pipelines): string[] {
  return Object.entries({ sources, destinations }).flatMap(([kind, actors]) =>
    Object.entries(actors)
      .filter(([, { resourceAllocation }]) => resourceAllocation !== undefined)
      .map(([name]) => `${kind}.${name}.resourceAllocation: Airbyte Cloud takes none; leave it out`),
  );
}

/** `Source/users`, as the state has the entry `users` under `sources`. */
function nameInState(kind: Section, name: string): string {
  return `${classNameOf(kindOf(kind))}/${name}`;
}

/** Secrets that only the first Airbyte has: the pipelines say `${stored}` in their place. `made`: what the other one has. */
export function onlyStored(pipelines: Pipelines, made: ReadonlySet<string>): string[] {
  return (["sources", "destinations"] as const).flatMap((kind) =>
    Object.entries(pipelines[kind]).flatMap(([name, { configuration }]) => {
      if (made.has(nameInState(kind, name))) return [];
      return storedPaths(configuration).map(
        (path) => `${kind}.${name}.${path}: is \${stored}, which no other Airbyte has; use \${secret:NAME}`,
      );
    }),
  );
}

/** An id in the pipelines that names something in one Airbyte alone. */
interface NamedId {
  /** Where it stands: `connections.orders.source`. */
  place: string;
  /** What it names; undefined for what can't be looked up. */
  kind: Section | undefined;
  id: string;
}

/** Every such id. Those of Airbyte's own connectors are the same everywhere, and are not among them. */
export function namedIds(pipelines: Pipelines): NamedId[] {
  return sections.flatMap((kind) =>
    Object.entries<Record<string, unknown>>(pipelines[kind]).flatMap(([name, entry]) => {
      const found = (key: string, of: Section | undefined, id: unknown) =>
        typeof id === "string" ? [{ place: `${kind}.${name}.${key}`, kind: of, id }] : [];
      const end = (key: "source" | "destination") => {
        const reference = entry[key];
        return typeof reference === "string" && isId(reference) ? found(key, `${key}s`, reference) : [];
      };
      return [
        ...found("workspaceId", "workspaces", entry.workspaceId),
        ...found("adopt", kind, entry.adopt),
        ...(kind === "connections" ? [...end("source"), ...end("destination"), ...tagIds(entry.tags, found)] : []),
        ...["organizationId", "regionId", "userId", "secretId"].flatMap((key) => found(key, undefined, entry[key])),
      ];
    }),
  );
}

function tagIds(tags: unknown, found: (key: string, of: Section, id: unknown) => NamedId[]): NamedId[] {
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag: unknown, index) => {
    const id = typeof tag === "object" && tag !== null ? (tag as { tagId?: unknown }).tagId : tag;
    return typeof id === "string" && isId(id) ? found(`tags[${index}]`, "tags", id) : [];
  });
}

/** Those that the other Airbyte has nothing of, each in a line. */
async function strangeIds(ids: NamedId[], api: AirbyteApi, workspaceId: string): Promise<string[]> {
  const checked = await Promise.all(
    ids.map(async ({ place, kind, id }) => {
      if (kind === undefined) return [];
      return (await exists(api, kind, id, workspaceId)) ? [] : [`${place}: there is no ${singular(kind)} ${id} there`];
    }),
  );
  return checked.flat();
}

async function exists(api: AirbyteApi, kind: Section, id: string, workspaceId: string): Promise<boolean> {
  try {
    if (kind === "sources" || kind === "destinations") {
      return (await api.getActor(kind === "sources" ? "source" : "destination", id, workspaceId)) !== undefined;
    }
    if (kind === "connections") return (await api.getConnection(id, workspaceId)) !== undefined;
    if (kind === "workspaces") return (await api.getWorkspace(id)) !== undefined;
    const calls = api.objects[kind] as { get(id: string, scope: InWorkspace): Promise<unknown> };
    return (await calls.get(id, { workspaceId })) !== undefined;
  } catch (error) {
    if (error instanceof AirbyteError && error.code === "refused" && (error.status ?? 500) < 500) return false;
    throw error;
  }
}
