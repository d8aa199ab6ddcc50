// What there is in an Airbyte: of which workspaces, and what of it can be declared.
import { isId } from "../../../declaration/links.ts";
import { isUserError, onOneLine, UserError } from "../../../errors/user-error.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import type { ObjectCalls } from "../../../providers/airbyte/api/object-calls.ts";
import type { Actor, Workspace } from "../../../providers/airbyte/api/types.ts";
import type { ObjectSection } from "../../../providers/airbyte/kinds/calls.ts";
import { descriptionOf } from "../../../providers/airbyte/kinds/descriptions.ts";
import { sections, singular, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { heldTwice } from "../../../providers/airbyte/lifecycle/adoption.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { ORDER, type Found } from "./model.ts";

type Airbyte = Pick<Context, "api">;

/** Sections that are taken over only where they are asked for: without them nobody might get in any more. */
export const ON_REQUEST: readonly Section[] = sections.filter((section) => descriptionOf(section).adoptedOnRequest);

interface Scope {
  workspaceIds: readonly string[];
  also: readonly Section[];
  /** The application that the stack itself signs in with: never taken over. */
  ownClientId: string | undefined;
}

/**
 * Everything of some workspaces that can be declared, once each: what belongs to the organization is shown by every workspace of it.
 * `remark` is told what this Airbyte doesn't show.
 */
export async function takeInventory(airbyte: Airbyte, scope: Scope, remark: (line: string) => void): Promise<Found[]> {
  const found: Found[] = [];
  const wanted = ORDER.filter((section) => !ON_REQUEST.includes(section) || scope.also.includes(section));
  const ask = (section: Section, workspaceId: string) =>
    inventoryOf(airbyte, section, { ...scope, workspaceId, remark });
  for (const workspaceId of scope.workspaceIds) {
    for (const section of wanted.filter(isInWorkspace)) found.push(...(await ask(section, workspaceId)));
  }
  // Workspaces themselves are asked for by their ids.
  const above = wanted.filter((section) => !isInWorkspace(section) && section !== "workspaces");
  for (const section of above) found.push(...(await ask(section, "")));
  const seen = new Set<string>();
  return found.filter(({ kind, id }) => seen.size < seen.add(`${kind} ${id}`).size);
}

/**
 * Leaves out the low-code connectors that no source of the workspaces uses: they belong to the organization, and a destroy would take
 * them away from the sources of others. What of them is taken over is told where there are other workspaces.
 *
 * @param isOurs what the stack has already
 */
export function withoutOthers(
  inventory: readonly Found[],
  { isOurs, hasOthers }: { isOurs: (found: Found) => boolean; hasOthers: boolean },
  remark: (line: string) => void,
): Found[] {
  const sources = inventory.filter(({ kind }) => kind === "sources");
  const used = new Set(sources.map(({ object }) => (object as Actor).definitionId));
  const shared = inventory.filter((found) => found.kind === "declarativeSourceDefinitions" && !isOurs(found));
  const others = new Set(shared.filter(({ id }) => !used.has(id)));
  if (others.size > 0) {
    remark(
      `Left alone, since they belong to the whole organization and no source here uses them: low-code connectors ${namesOf([...others])}.`,
    );
  }
  const taken = shared.filter((found) => !others.has(found));
  if (taken.length > 0 && hasOthers) {
    remark(
      `Low-code connectors belong to the whole organization: a destroy of this stack takes ${namesOf(taken)} away from the other workspaces too.`,
    );
  }
  return inventory.filter((found) => !others.has(found));
}

/** What is left out because nobody asked for it; undefined where all was asked for. */
export function notAskedFor(also: readonly Section[]): string | undefined {
  const left = ON_REQUEST.filter((section) => !also.includes(section));
  return left.length === 0
    ? undefined
    : `Not looked for: ${left.join(", ")}. To take them over too: --also ${left.join(",")}.`;
}

/**
 * Tells which of these other stacks of this machine have too.
 *
 * @param holderOf another stack that has the object, in words
 */
export function tellOtherStacks(
  taken: readonly Found[],
  holderOf: (id: string) => string | undefined,
  remark: (line: string) => void,
): void {
  const shared = new Map<string, Found[]>();
  for (const found of taken) {
    const holder = holderOf(found.id);
    if (holder !== undefined) shared.set(holder, [...(shared.get(holder) ?? []), found]);
  }
  for (const [holder, found] of shared) remark(`warning: ${heldTwice(namesOf(found), holder)}.`);
}

/** What somebody wrote in Airbyte, on one line that can be read. */
function namesOf(found: readonly Found[]): string {
  const names = found.slice(0, 10).map(({ display }) => `"${onOneLine(display)}"`);
  return names.join(", ") + (found.length > names.length ? ` and ${found.length - names.length} more` : "");
}

/** The workspaces themselves, by id. */
export async function workspaces({ api }: Airbyte, ids: readonly string[]): Promise<Found[]> {
  const all = await api.objects.workspaces.list({});
  return all.filter(({ id }) => ids.includes(id)).map((object) => found("workspaces", "", object));
}

function isInWorkspace(section: Section): boolean {
  return "workspace" in descriptionOf(section).fields;
}

interface Place extends Scope {
  /** "" for what is in none. */
  workspaceId: string;
  remark: (line: string) => void;
}

/** What a section would have: all that the Airbyte lists, but where it takes more to tell what can be declared. */
function inventoryOf(airbyte: Airbyte, section: Section, place: Place): Promise<Found[]> {
  const { workspaceId, remark } = place;
  const byHand: Partial<Record<Section, () => Promise<Found[]>>> = {
    sources: () => actors(airbyte, "source", workspaceId),
    destinations: () => actors(airbyte, "destination", workspaceId),
    connections: () => connections(airbyte, workspaceId),
    sourceDefinitions: () => definitions(airbyte, "source", workspaceId),
    destinationDefinitions: () => definitions(airbyte, "destination", workspaceId),
    permissions: () => optional(() => permissions(airbyte, workspaceId, remark), remark),
    applications: () => optional(() => applications(airbyte, place.ownClientId, remark), remark),
  };
  const ask = byHand[section] ?? (() => optional(() => listed(airbyte, section as ObjectSection, workspaceId), remark));
  return ask();
}

async function listed({ api }: Airbyte, section: ObjectSection, workspaceId: string): Promise<Found[]> {
  const calls = api.objects[section] as unknown as ObjectCalls<{ id: string; name: string }, object, object>;
  return (await calls.list({ workspaceId })).map((object) => found(section, workspaceId, object));
}

// An Airbyte that has no such objects has nothing to take over.
async function optional(ask: () => Promise<Found[]>, remark: (line: string) => void): Promise<Found[]> {
  try {
    return await ask();
  } catch (error) {
    const isMissing = isUserError(error) && !(error instanceof AirbyteError && error.status !== 403);
    if (!isMissing) throw error;
    remark(error instanceof AirbyteError ? (error.message.split("\n")[0] ?? "") : error.summary);
    return [];
  }
}

/** The image that runs every low-code connector: those are found by their manifests. */
const MANIFEST_RUNNER = "airbyte/source-declarative-manifest";

// Only the config API tells a connector of one's own from Airbyte's; Airbyte Cloud, which has none, runs none of these.
async function definitions({ api }: Airbyte, kind: ActorKind, workspaceId: string): Promise<Found[]> {
  if (!api.hasConfigApi) return [];
  const all = await api.listDefinitions(kind, workspaceId);
  const own = all.filter(({ custom, dockerRepository }) => custom === true && dockerRepository !== MANIFEST_RUNNER);
  return own.map((object) => found(`${kind}Definitions`, workspaceId, object));
}

async function actors({ api }: Airbyte, kind: ActorKind, workspaceId: string): Promise<Found[]> {
  return (await api.listActors(kind, workspaceId)).map((object) => found(`${kind}s`, workspaceId, object));
}

async function connections({ api }: Airbyte, workspaceId: string): Promise<Found[]> {
  const all = await api.listConnections(workspaceId);
  return all.map((object) => found("connections", workspaceId, { ...object, id: object.connectionId }));
}

async function permissions({ api }: Airbyte, workspaceId: string, remark: (line: string) => void): Promise<Found[]> {
  const users = await api.objects.permissions.listUsers?.();
  if (!users) {
    remark("This Airbyte's older API lists no users, so no permissions are taken over.");
    return [];
  }
  const all: Found[] = [];
  for (const { id: userId, email } of users) {
    const own = await api.objects.permissions.list({ userId, workspaceId });
    all.push(
      ...own.map((object) =>
        found("permissions", workspaceId, { ...object, name: `${email} ${object.permissionType}` }),
      ),
    );
  }
  return all;
}

async function applications(
  { api }: Airbyte,
  ownClientId: string | undefined,
  remark: (line: string) => void,
): Promise<Found[]> {
  const why = await api.objects.applications.unavailable?.();
  if (why !== undefined) {
    remark(why);
    return [];
  }
  const all = await api.objects.applications.list({});
  const others = all.filter(({ clientId }) => clientId !== ownClientId);
  if (others.length < all.length) remark("The application that this stack signs in with is left out.");
  return others.map((object) => found("applications", "", object));
}

function found<T extends { id: string; name: string }>(kind: Section, workspaceId: string, object: T): Found<T> {
  // It goes into files and into the state as it is.
  if (!isId(object.id))
    throw new UserError(`This Airbyte gave ${singular(kind)} ${JSON.stringify(object.name)} an id that is none.`);
  return { kind, id: object.id, display: object.name, workspaceId, object };
}

interface ChosenWorkspaces {
  /** That of entries which name none. */
  stack: string;
  /** All that are read. */
  read: string[];
  /** Whether the stack has to be told which one is its own. */
  mustBeSet: boolean;
}

/**
 * Which workspaces are taken over: those that are asked for (`all`, ids or names), else the stack's own.
 *
 * @param kept the stack's own, where it has one
 */
export function chooseWorkspaces(
  all: readonly Workspace[],
  asked: readonly string[],
  kept: string | undefined,
): ChosenWorkspaces {
  const read = asked.includes("all") ? all.map(({ workspaceId }) => workspaceId) : asked.map((one) => idOf(one, all));
  const stack = kept ?? read[0] ?? (all.length === 1 ? all[0]?.workspaceId : undefined);
  if (stack === undefined) {
    const what =
      all.length === 0 ? "shows no workspace to this application" : `has ${all.length} workspaces:\n${list(all)}`;
    throw new UserError(`This Airbyte ${what}`, {
      next: `--workspace ID (it can be given several times), or --workspace all`,
    });
  }
  if (!all.some(({ workspaceId }) => workspaceId === stack)) throw noSuch(stack, all);
  return {
    stack,
    read: read.length > 0 ? [...new Set(read)] : [stack],
    mustBeSet: kept === undefined && all.length > 1,
  };
}

function idOf(asked: string, all: readonly Workspace[]): string {
  const matches = all.filter(({ workspaceId, name }) => workspaceId === asked || name === asked);
  if (matches.length === 1 && matches[0]) return matches[0].workspaceId;
  if (matches.length === 0) throw noSuch(asked, all);
  throw new UserError(`${matches.length} workspaces are named "${asked}"; say which by its id:\n${list(matches)}`);
}

function noSuch(asked: string, all: readonly Workspace[]): UserError {
  return new UserError(`This Airbyte has no workspace "${asked}". It has:\n${list(all)}`);
}

function list(workspaces: readonly Workspace[]): string {
  return workspaces.map(({ workspaceId, name }) => `    ${workspaceId}  ${name ?? ""}`.trimEnd()).join("\n");
}
