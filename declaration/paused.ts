import type { Declarations } from "./schema.ts";

/** The same pipelines with every connection inactive: nothing syncs, by schedule or as a first sync, until they are as declared. */
export function paused(pipelines: Declarations): Declarations {
  const connections = Object.entries(pipelines.connections).map(([name, connection]) => {
    return [name, { ...connection, status: "inactive" as const, sync: undefined }] as const;
  });
  return { ...pipelines, connections: Object.fromEntries(connections) };
}
