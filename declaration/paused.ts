import { mapValues } from "./bases.ts";
import type { Declarations } from "./load.ts";

/** The same pipelines with every connection inactive: nothing syncs, by schedule or as a first sync, until they are as declared. */
export function paused(pipelines: Declarations): Declarations {
  const connections = mapValues(pipelines.connections, (connection) => {
    return { ...connection, status: "inactive" as const, sync: undefined };
  });
  return { ...pipelines, connections };
}
