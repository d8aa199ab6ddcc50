// What is found becomes entries: of each only what a file can say.
import { entries } from "../../../declaration/schema.ts";
import { isMap } from "../../../declaration/walk.ts";
import { formatPath } from "../../../errors/user-error.ts";
import { check, isIssues, issueInWords } from "../../../errors/zod-issues.ts";
import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { Actor, Connection, JsonObject } from "../../../providers/airbyte/api/types.ts";
import { maySeal, neededKeys, type KindDescription, type Path } from "../../../providers/airbyte/kinds/describe.ts";
import { descriptionOf } from "../../../providers/airbyte/kinds/descriptions.ts";
import { ofEachSection } from "../../../providers/airbyte/kinds/names.ts";
import { isObject, STORED } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { checkConfiguration } from "../../../providers/airbyte/specification/check.ts";
import type { Specification } from "../../../providers/airbyte/specification/schema.ts";
import { declareConnection } from "./declare-connection.ts";
import { hideSecrets, nameIn, placeOf, withoutNulls, type Made, type Making, type Secrets } from "./making.ts";
import { compare, mapSecrets, ORDER, type Declared, type Entry, type Found, type LeftOut } from "./model.ts";

/** Declares objects that have their names; in the order of kinds and names. */
export async function declareAll(objects: readonly Found[], making: Making): Promise<Declared> {
  const entries: Entry[] = [];
  const leftOut: LeftOut[] = [];
  const byKind = ofEachSection((kind) => objects.filter((found) => found.kind === kind));
  // Ends before connections: those of one that is left out are named by their ids.
  for (const kind of ORDER) {
    const nameOf = ({ id }: Found) => making.names.of(kind, id) ?? id;
    for (const found of byKind[kind].sort((a, b) => compare(nameOf(a), nameOf(b)))) {
      const { id, display } = found;
      const made = await declare(found, nameOf(found), making);
      const entry: Entry | undefined = "why" in made ? undefined : { kind, id, name: nameOf(found), ...made };
      const why = entry ? leaveOutInexpressible(entry) : (made as { why: string }).why;
      if (entry && why === undefined) entries.push(entry);
      else {
        leftOut.push({ kind, id, display, why: why ?? "" });
        making.names.delete(kind, id);
      }
    }
  }
  return { entries, leftOut, secrets: usedSecrets(entries, making.secrets) };
}

function declare(found: Found, name: string, making: Making): Promise<Made> | Made {
  if (found.kind === "sources" || found.kind === "destinations") return declareActor(found, name, making);
  if (found.kind === "connections") return declareConnection(found as Found<Connection>, name, making);
  return declareObject(found, name, making);
}

function usedSecrets(entries: readonly Entry[], secrets: Secrets): Declared["secrets"] {
  const used = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    used.add(value);
    Object.values(value).forEach(walk);
  };
  for (const { settings } of entries) walk(settings);
  return secrets.all.filter((secret) => used.has(secret));
}

/**
 * Leaves out of an entry what a file can't say, and notes it there: a setting that isn't declared keeps what it has.
 *
 * @returns why nothing can be said of the object, where that is so
 */
function leaveOutInexpressible(entry: Entry): string | undefined {
  const key = keyWithReference(entry.settings);
  if (key !== undefined) return `it has a key with \${ in it (${key}), where files of pipelines can't have it`;
  const needed = [...neededKeys(descriptionOf(entry.kind)), "name"];
  for (;;) {
    const result: unknown = check(
      entries[entry.kind],
      mapSecrets(entry.settings, () => "secret"),
      () => "what it has",
    );
    if (!isIssues(result)) return undefined;
    const [issue] = result;
    const setting = String(issue?.path[0]);
    const words = issue === undefined ? "" : `${formatPath(issue.path)}: ${issue.text}`;
    if (needed.includes(setting) || !(setting in entry.settings)) return words;
    entry.settings = Object.fromEntries(Object.entries(entry.settings).filter(([name]) => name !== setting));
    entry.notes.push(`${setting} is left as it is in Airbyte: it can't be said here (${words})`);
  }
}

function keyWithReference(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(keyWithReference).find((found) => found !== undefined);
  if (!isMap(value)) return undefined;
  const own = Object.keys(value).find((key) => key.includes("${"));
  return (
    own ??
    Object.values(value)
      .map(keyWithReference)
      .find((found) => found !== undefined)
  );
}

/** An object that is a name with a few settings: those of its description, as Airbyte shows them. */
function declareObject({ kind, display, workspaceId, object }: Found, name: string, making: Making): Made {
  const description = descriptionOf(kind);
  const { fields } = description;
  const plain = Object.entries(withoutNulls(object as object)).filter(([key]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field && !field.notAdopted && key !== "name" && key !== "workspaceId"; // `placeOf` says it better
  });
  const settings = plain.map(
    ([key, value]) => [key, withSecrets(value, [key], { description, name, making })] as const,
  );
  return {
    settings: {
      ...("name" in fields ? nameIn(display, name) : {}),
      ...("workspace" in fields ? placeOf(workspaceId, making) : {}),
      ...Object.fromEntries(settings.filter(([, value]) => !isEmpty(value))),
    },
    notes: [],
  };
}

interface Declaring {
  description: KindDescription;
  name: string;
  making: Making;
}

/** A setting with secrets of the stack in place of its own; what is empty is left out. */
function withSecrets(value: unknown, path: Path, declaring: Declaring): unknown {
  const { description, name, making } = declaring;
  if (typeof value === "string" && maySeal(description, path)) {
    return making.secrets.add(name, String(path.at(-2) ?? path.at(-1)), value);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const isMixed = description.fields[String(path[0])]?.secret !== undefined;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, withSecrets(inner, [...path, key], declaring)] as const,
  );
  return Object.fromEntries(isMixed ? entries.filter(([, inner]) => !isEmpty(inner)) : entries);
}

function isEmpty(value: unknown): boolean {
  return value === "" || JSON.stringify(value) === "{}";
}

/** A source or a destination. */
async function declareActor(found: Found, name: string, making: Making): Promise<Made> {
  const actor = found.object as Actor;
  const kind = found.kind === "sources" ? "source" : "destination";
  const { connectors } = making.airbyte;
  const specification = await connectors
    .specification(kind, actor.definitionId, actor.workspaceId)
    .catch(() => undefined); // Its keys decide then, as they do in the program.
  const { configuration, notes, mistakes } = acceptable(actor.configuration ?? {}, specification);
  if (mistakes.length > 0) return { why: `its connector's specification refuses what it has: ${mistakes.join("; ")}` };
  const allocation = withoutNulls(actor.resourceAllocation ?? {});
  const settings = {
    ...(await connectorOf(kind, actor, making)),
    ...nameIn(actor.name, name),
    ...placeOf(actor.workspaceId, making),
    configuration: hideSecrets(configuration, {
      specification,
      known: making.known.get(actor.id),
      secret: (key, value) => making.secrets.add(name, key, value),
    }),
    ...(Object.keys(allocation).length > 0 ? { resourceAllocation: allocation } : {}),
  };
  return { settings, notes };
}

async function connectorOf(kind: ActorKind, { definitionId, workspaceId }: Actor, { airbyte, names }: Making) {
  const own = names.of(`${kind}Definitions`, definitionId) ?? names.of("declarativeSourceDefinitions", definitionId);
  if (own !== undefined) return { definition: own };
  const connector = await airbyte.connectors.nameOf(kind, definitionId, workspaceId).catch(() => undefined);
  return connector === undefined ? { definitionId } : { connector };
}

/** The configuration without the keys that every preview would stop at, and what is still wrong with it. */
function acceptable(configuration: JsonObject, specification: Specification | undefined) {
  const notes: string[] = [];
  let accepted = configuration;
  for (;;) {
    const masked = mapSecrets(accepted, () => STORED) as JsonObject;
    const mistakes = specification ? checkConfiguration(masked, specification).mistakes : [];
    const [first] = mistakes;
    if (!first?.isUnknownKey) return { configuration: accepted, notes, mistakes: mistakes.map(issueInWords) };
    const path = first.path.slice(1).map(String);
    accepted = withoutPath(accepted, path);
    notes.push(`Airbyte also has ${formatPath(path)}, which its connector doesn't know; the next change takes it away`);
  }
}

function withoutPath(object: JsonObject, [first = "", ...rest]: readonly string[]): JsonObject {
  const inner = object[first];
  const entries = Object.entries(object).filter(([key]) => key !== first || rest.length > 0);
  const kept = Object.fromEntries(entries);
  return rest.length > 0 && isObject(inner) ? { ...kept, [first]: withoutPath(inner, rest) } : kept;
}
