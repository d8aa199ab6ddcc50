import * as pulumi from "@pulumi/pulumi";
import { classes } from "../providers/airbyte/kinds/classes.ts";
import { programKey, type KindDescription } from "../providers/airbyte/kinds/describe.ts";
import { descriptions, inOrder } from "../providers/airbyte/kinds/descriptions.ts";
import { ofEachSection, sectionOf, type KindName, type Section } from "../providers/airbyte/kinds/names.ts";
import { DefaultWorkspace, type AirbyteHandle, type Connection } from "../providers/airbyte/index.ts";
import { first } from "../providers/airbyte/first.ts";
import { watchLosses } from "../providers/airbyte/losses.ts";
import type { Values } from "../settings/values.ts";
import { sharedNames } from "./display-names.ts";
import { isId } from "./links.ts";
import { load } from "./load.ts";
import { References } from "./references.ts";
import type { Declarations } from "./schema.ts";
import { mapStrings } from "./walk.ts";

export type { Values } from "../settings/values.ts";

/**
 * What the pipelines' files declare, by logical name: complete, checked, and in the form of Airbyte's API. Where a file uses a
 * secret (in a configuration, a secretId or a mapper's configuration), that value is what `Values.secret` gave: an Output.
 */
export type Pipelines = Declarations;

/**
 * Reads and checks `mainFile` and the files in the folder of its name (`pipelines.yaml`, `pipelines/*.yaml`).
 *
 * @param mainFile relative to `projectDir`
 * @param values what `${secret:NAME}` and `${config:NAME}` stand for: usually `stackValues()`
 * @throws ConfigurationError with every mistake: file, line, path and the nearest valid name
 */
export function loadPipelines(projectDir: string, mainFile: string, values: Values): Pipelines {
  const references = new References(values, join, first);
  const { declarations, mistakes } = load(projectDir, mainFile, references);
  mistakes.throwIfAny();
  return revealed(declarations, references);
}

/** Declarations with their secrets in place. Only once all is known to be right: checks want plain text. */
export function revealed(declarations: Declarations, references: References): Pipelines {
  return mapStrings(declarations, [], (text) => references.reveal(text)) as Pipelines;
}

/** Text around secrets: an Output, or a string where the values are plain (as in tests). */
export function join(parts: unknown[]): unknown {
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return pulumi.all(parts).apply((all) => all.map(String).join(""));
}

/** The resources made from the pipelines' files, by section and logical name. */
export type DeclaredPipelines = {
  [K in Exclude<KindName, "connection"> as Section<K>]: Record<string, InstanceType<(typeof classes)[K]>>;
} & {
  /** Each with its two ends: logical names, or ids of what others manage. */
  connections: Record<string, { connection: Connection; source: string; destination: string }>;
};

type Made = Record<Section, Record<string, pulumi.CustomResource>>;
type Entry = Record<string, unknown>;

/**
 * Creates everything that is declared in the given Airbyte.
 *
 * @param production whether connections, destinations, connectors of one's own and workspaces that don't say otherwise are protected
 * from deletion: a connection that is made anew has lost its sync state, and the others take connections along
 * @param unprotected names of what may be deleted all the same
 */
export function declarePipelines(
  declared: Pipelines,
  airbyte: AirbyteHandle,
  production = false,
  unprotected: string[] = [],
): DeclaredPipelines {
  watchLosses(); // also where nothing is declared any more
  const made: Made = ofEachSection(() => ({}));
  for (const kind of inOrder) {
    const section = sectionOf(kind);
    const description: KindDescription = descriptions[kind];
    const Resource = classes[kind] as unknown as new (
      name: string,
      args: object,
      options: pulumi.CustomResourceOptions,
    ) => pulumi.CustomResource;
    warnOfSharedNames(section, description, declared);
    for (const [name, { protect: said, renamedFrom, ...entry }] of Object.entries<Entry>(declared[section])) {
      const byDefault = production && description.protectedInProduction === true;
      const protect = !unprotected.includes(name) && ((said as boolean | undefined) ?? byDefault);
      const args = linked(description, withPlace(description, entry, declared), (kinds, other) =>
        resourceOf(
          kinds.map((one) => made[sectionOf(one)]),
          other,
        ),
      );
      const aliases = (renamedFrom as string[] | undefined)?.map((old) => ({ name: old }));
      made[section][name] = new Resource(name, { ...args, airbyte }, { protect, ...(aliases && { aliases }) });
    }
  }
  const connections = Object.entries(made.connections).map(([name, connection]) => {
    const { source, destination } = declared.connections[name]!;
    return [name, { connection, source, destination }] as const;
  });
  return { ...made, connections: Object.fromEntries(connections) } as unknown as DeclaredPipelines;
}

/** Airbyte tells them apart by their ids; people don't, nor does `adopt: true`. */
function warnOfSharedNames(section: Section, description: KindDescription, declared: Pipelines): void {
  const entries: Record<string, Entry> = Object.fromEntries(
    Object.entries<Entry>(declared[section]).map(([name, entry]) => [name, withPlace(description, entry, declared)]),
  );
  for (const { entry, first, name } of sharedNames(description, entries)) {
    void pulumi.log.warn(
      `${section} "${first}" and "${entry}" have one name in Airbyte, "${name}": nobody can tell them apart there, nor can adopt: true.`,
    );
  }
}

/** An entry, with where it is when it doesn't say so itself, but names another one that does. */
export function withPlace({ isWhere }: KindDescription, entry: Entry, declared: Pipelines): Entry {
  if (isWhere === undefined || (entry.workspace ?? entry.workspaceId) !== undefined) return entry;
  const others = declared[`${isWhere}s` as Section] as Record<string, Entry>;
  const { workspace, workspaceId } = others[String(entry[isWhere])] ?? {};
  const place = {
    ...(workspace === undefined ? {} : { workspace }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
  };
  return { ...place, ...entry };
}

/**
 * An entry's settings with what is meant in the place of names.
 *
 * @param keyOf under which key; by default under those that the classes take
 */
export function linked(
  { fields }: KindDescription,
  entry: Entry,
  resolveName: (kinds: readonly KindName[], name: string) => unknown,
  keyOf = programKey,
): Entry {
  const args = Object.entries(entry).map(([key, value]) => {
    const field = fields[key];
    const refersTo = field?.refersTo;
    if (!refersTo || value === undefined) return [key, value];
    const resolve = (name: unknown) =>
      typeof name !== "string" || (refersTo.orId && isId(name)) ? name : resolveName(refersTo.kinds, name);
    return [keyOf(key, field), Array.isArray(value) ? value.map(resolve) : resolve(value)];
  });
  return Object.fromEntries(args) as Entry;
}

/** `loadPipelines` has checked every reference; this is for those who put a `Pipelines` together by hand. */
function resourceOf(candidates: Record<string, pulumi.CustomResource>[], name: string): pulumi.CustomResource {
  const resource = candidates.find((resources) => Object.hasOwn(resources, name))?.[name];
  if (resource === undefined) throw new Error(`a declaration refers to "${name}", which isn't declared`);
  return resource;
}

/** The Airbyte with the stack's own workspace: the one that the configuration names, else the only one there is. */
export function inStackWorkspace(airbyte: Omit<AirbyteHandle, "workspaceId">, workspaceId?: string): AirbyteHandle {
  if (workspaceId !== undefined) return { ...airbyte, workspaceId };
  const only = new DefaultWorkspace("workspace", airbyte);
  // All else comes after it: once a declared workspace is there too, nobody could tell which one is meant.
  return { ...airbyte, workspaceId: only.workspaceId, dependsOn: [...(airbyte.dependsOn ?? []), only] };
}

/** One row of the stack's output `pipelines`. */
export interface PipelineRow {
  connectionId: pulumi.Output<string>;
  source: string;
  sourceId: pulumi.Input<string>;
  destination: string;
  destinationId: pulumi.Input<string>;
}

/** The pipelines with the ids that Airbyte gave them, by the names of their connections. */
export function pipelineTable({ sources, destinations, connections }: DeclaredPipelines): Record<string, PipelineRow> {
  return Object.fromEntries(
    Object.entries(connections).map(([name, { connection, source, destination }]) => {
      // An end that others manage is there by its id alone.
      const ends = {
        sourceId: sources[source]?.id ?? source,
        destinationId: destinations[destination]?.id ?? destination,
      };
      return [name, { connectionId: connection.id, source, destination, ...ends }];
    }),
  );
}

/** The same pipelines with every connection inactive: nothing syncs, by schedule or as a first sync, until they are as declared. */
export function paused(pipelines: Declarations): Declarations {
  const connections = Object.entries(pipelines.connections).map(([name, connection]) => {
    return [name, { ...connection, status: "inactive" as const, sync: undefined }] as const;
  });
  return { ...pipelines, connections: Object.fromEntries(connections) };
}
