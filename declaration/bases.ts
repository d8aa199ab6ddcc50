import type * as pulumi from "@pulumi/pulumi";
import {
  DeclarativeSourceDefinition,
  DestinationDefinition,
  SourceDefinition,
  Tag,
  Workspace,
  type AirbyteHandle,
} from "../providers/airbyte/index.ts";
import { isId } from "./links.ts";
import type { Declarations } from "./load.ts";

/** What sources, destinations and connections build on, by logical name. */
export interface Bases {
  workspaces: Record<string, Workspace>;
  tags: Record<string, Tag>;
  sourceDefinitions: Record<string, SourceDefinition>;
  destinationDefinitions: Record<string, DestinationDefinition>;
  declarativeSourceDefinitions: Record<string, DeclarativeSourceDefinition>;
}

/** Creates them. @param production protects those that take others along when they are deleted */
export function declareBases(pipelines: Declarations, airbyte: AirbyteHandle, production: boolean): Bases {
  const workspaces = mapValues(pipelines.workspaces, ({ protect = production, ...args }, name) => {
    return new Workspace(name, { ...defined(args), airbyte }, { protect });
  });
  const inWorkspace = <A extends Place>(args: A) => ({ ...inDeclaredWorkspace(args, workspaces), airbyte });
  return {
    workspaces,
    tags: mapValues(pipelines.tags, ({ protect = false, ...args }, name) => {
      return new Tag(name, inWorkspace(args), { protect });
    }),
    sourceDefinitions: mapValues(pipelines.sourceDefinitions, ({ protect = production, ...args }, name) => {
      return new SourceDefinition(name, inWorkspace(args), { protect });
    }),
    destinationDefinitions: mapValues(pipelines.destinationDefinitions, ({ protect = production, ...args }, name) => {
      return new DestinationDefinition(name, inWorkspace(args), { protect });
    }),
    declarativeSourceDefinitions: mapValues(
      pipelines.declarativeSourceDefinitions,
      ({ protect = production, manifest = {}, ...args }, name) => {
        return new DeclarativeSourceDefinition(name, { ...inWorkspace(args), manifest }, { protect });
      },
    ),
  };
}

/** Where a declaration says that it is. */
export interface Place {
  workspace?: string | undefined;
  workspaceId?: string | undefined;
}

/** A declaration's settings with the workspace that it names in place of the name. */
export function inDeclaredWorkspace<A extends Place>({ workspace, ...args }: A, workspaces: Bases["workspaces"]) {
  return { ...defined(args), ...(workspace === undefined ? {} : { workspaceId: declared(workspaces, workspace) }) };
}

/** The same for its connector. */
export function withDeclaredConnector<A extends { definition?: string | undefined }>(
  { definition, ...args }: A,
  definitions: Record<string, pulumi.CustomResource>,
) {
  return { ...args, ...(definition === undefined ? {} : { definitionId: declared(definitions, definition) }) };
}

/** The same for a connection's tags. */
export function declaredTags<T>(list: readonly (string | T)[], tags: Bases["tags"]): (string | T | Tag)[] {
  return list.map((tag) => (typeof tag === "string" && !isId(tag) ? declared(tags, tag) : tag));
}

/** An end of a connection: what is declared under the name, or the id of what others manage. */
export function endOf<T>(resources: Record<string, T>, reference: string): T | string {
  return isId(reference) ? reference : declared(resources, reference);
}

/** `loadPipelines` has checked every reference; this is for those who put a `Pipelines` together by hand. */
export function declared<T>(resources: Record<string, T>, name: string): T {
  const resource = Object.hasOwn(resources, name) ? resources[name] : undefined;
  if (resource === undefined) throw new Error(`a declaration refers to "${name}", which isn't declared`);
  return resource;
}

/** Optional keys are absent here, never undefined: zod's types just can't say so. */
export function defined<T extends object>(args: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return args as { [K in keyof T]: Exclude<T[K], undefined> };
}

export function mapValues<T, U>(map: Record<string, T>, make: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, make(value, name)] as const));
}
