import * as pulumi from "@pulumi/pulumi";
import { Application, Connection, Destination, Permission, Source } from "../providers/airbyte/index.ts";
import type { AirbyteHandle } from "../providers/airbyte/index.ts";
import {
  declareBases,
  endOf,
  declaredTags,
  defined,
  inDeclaredWorkspace,
  mapValues,
  withDeclaredConnector,
} from "./bases.ts";
import type { Bases, Place } from "./bases.ts";
import { load } from "./load.ts";
import type { Declarations } from "./load.ts";
import { References } from "./references.ts";
import type { Values } from "../settings/values.ts";
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
  const references = new References(values, join);
  const declarations = load(projectDir, mainFile, references);
  // Only now: checks want plain text, and nothing may wait for an Output before all is known to be right.
  return mapStrings(declarations, [], (text) => references.reveal(text)) as Pipelines;
}

/** Text around secrets: an Output, or a string where the values are plain (as in tests). */
function join(parts: unknown[]): unknown {
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return pulumi.all(parts).apply((all) => all.map(String).join(""));
}

/** The resources made from the pipelines' files, by logical name. */
export interface DeclaredPipelines extends Bases {
  sources: Record<string, Source>;
  destinations: Record<string, Destination>;
  /** Each with its two ends: logical names, or ids of what others manage. */
  connections: Record<string, { connection: Connection; source: string; destination: string }>;
  permissions: Record<string, Permission>;
  applications: Record<string, Application>;
}

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
  const pipelines = withoutProtection(declared, unprotected);
  const bases = declareBases(pipelines, airbyte, production);
  const { workspaces, tags } = bases;
  const sourceConnectors = { ...bases.sourceDefinitions, ...bases.declarativeSourceDefinitions };
  const sources = mapValues(pipelines.sources, ({ protect = false, ...args }, name) => {
    const linked = withDeclaredConnector(inDeclaredWorkspace(args, workspaces), sourceConnectors);
    return new Source(name, { ...linked, airbyte }, { protect });
  });
  const destinations = mapValues(pipelines.destinations, ({ protect = production, ...args }, name) => {
    const linked = withDeclaredConnector(inDeclaredWorkspace(args, workspaces), bases.destinationDefinitions);
    return new Destination(name, { ...linked, airbyte }, { protect });
  });
  const connections = mapValues(
    pipelines.connections,
    ({ source, destination, protect = production, tags: tagNames, ...rest }, name) => {
      const ends = { source: endOf(sources, source), destination: endOf(destinations, destination) };
      const place = inDeclaredWorkspace(
        hasPlace(rest) ? rest : { ...rest, ...placeOf(pipelines.sources[source]) },
        workspaces,
      );
      const tagged = tagNames === undefined ? {} : { tags: declaredTags(tagNames, tags) };
      const connection = new Connection(name, { ...place, ...tagged, ...ends, airbyte }, { protect });
      return { connection, source, destination };
    },
  );
  const permissions = mapValues(pipelines.permissions, ({ protect = false, ...args }, name) => {
    return new Permission(name, { ...inDeclaredWorkspace(args, workspaces), airbyte }, { protect });
  });
  const applications = mapValues(pipelines.applications, ({ protect = false, ...args }, name) => {
    return new Application(name, { ...defined(args), airbyte }, { protect });
  });
  return { ...bases, sources, destinations, connections, permissions, applications };
}

function withoutProtection(pipelines: Pipelines, names: string[]): Pipelines {
  if (names.length === 0) return pipelines;
  const release = (objects: Record<string, object>) =>
    mapValues(objects, (object, name) => (names.includes(name) ? { ...object, protect: false } : object));
  return mapValues(pipelines as unknown as Record<string, Record<string, object>>, release) as unknown as Pipelines;
}

/** A connection that doesn't say so itself is in the workspace of its source. */
function placeOf(place: Place = {}): Place {
  const { workspace, workspaceId } = place;
  return { ...(workspace === undefined ? {} : { workspace }), ...(workspaceId === undefined ? {} : { workspaceId }) };
}

function hasPlace({ workspace, workspaceId }: Place): boolean {
  return (workspace ?? workspaceId) !== undefined;
}
