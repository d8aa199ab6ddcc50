import * as pulumi from "@pulumi/pulumi";
import { Connection, Destination, Source } from "../providers/airbyte/index.ts";
import type { AirbyteHandle } from "../providers/airbyte/index.ts";
import { load } from "./pipelines/load.ts";
import type { Declarations } from "./pipelines/load.ts";
import { References } from "./pipelines/references.ts";
import type { Values } from "./pipelines/references.ts";
import { mapStrings } from "./pipelines/walk.ts";

export type { Values } from "./pipelines/references.ts";

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
export interface DeclaredPipelines {
  sources: Record<string, Source>;
  destinations: Record<string, Destination>;
  /** Each with the logical names of its two ends. */
  connections: Record<string, { connection: Connection; source: string; destination: string }>;
}

/**
 * Creates every declared source, destination and connection in the given Airbyte.
 *
 * @param production whether destinations and connections that don't say otherwise are protected from deletion: a connection that is made
 * anew has lost its sync state, and a destination takes its connections along
 */
export function declarePipelines(pipelines: Pipelines, airbyte: AirbyteHandle, production = false): DeclaredPipelines {
  const sources = mapValues(pipelines.sources, ({ protect = false, ...args }, name) => {
    return new Source(name, { ...defined(args), airbyte }, { protect });
  });
  const destinations = mapValues(pipelines.destinations, ({ protect = production, ...args }, name) => {
    return new Destination(name, { ...defined(args), airbyte }, { protect });
  });
  const connections = mapValues(
    pipelines.connections,
    ({ source, destination, protect = production, ...rest }, name) => {
      const ends = { source: declared(sources, source), destination: declared(destinations, destination) };
      const connection = new Connection(name, { ...defined(rest), ...ends, airbyte }, { protect });
      return { connection, source, destination };
    },
  );
  return { sources, destinations, connections };
}

/** `loadPipelines` has checked every reference; this is for those who put a `Pipelines` together by hand. */
function declared<T>(resources: Record<string, T>, name: string): T {
  const resource = Object.hasOwn(resources, name) ? resources[name] : undefined;
  if (resource === undefined) throw new Error(`the connection refers to "${name}", which isn't declared`);
  return resource;
}

/** Optional keys are absent here, never undefined: zod's types just can't say so. */
function defined<T extends object>(args: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return args as { [K in keyof T]: Exclude<T[K], undefined> };
}

function mapValues<T, U>(map: Record<string, T>, make: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, make(value, name)] as const));
}
