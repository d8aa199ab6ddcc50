// The public door: everything that a Pulumi program of one's own needs.
export {
  Connection,
  type ConnectionArgs,
  type FirstSyncArgs,
  type Schedule,
  type StreamArgs,
  type StreamSettings,
} from "./connection.ts";
export { DefaultWorkspace } from "./default-workspace.ts";
export { Destination, type DestinationArgs } from "./destination.ts";
export type { AirbyteHandle } from "./resource.ts";
export { every } from "./schedule.ts";
export { Source, type SourceArgs } from "./source.ts";
