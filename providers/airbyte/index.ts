// The public door: everything that a Pulumi program of one's own needs.
export { Connection, type ConnectionArgs, type Schedule, type StreamArgs } from "./connection.ts";
export { DefaultWorkspace } from "./default-workspace.ts";
export { Destination, type DestinationArgs } from "./destination.ts";
export type { AirbyteHandle } from "./resource.ts";
export { Source, type SourceArgs } from "./source.ts";
