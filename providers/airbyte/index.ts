// The public door: everything that a Pulumi program of one's own needs.
export { Application, type ApplicationArgs } from "./application.ts";
export {
  Connection,
  type ConnectionArgs,
  type FirstSyncArgs,
  type Schedule,
  type StreamArgs,
  type StreamSettings,
} from "./connection.ts";
export { DeclarativeSourceDefinition, type DeclarativeSourceDefinitionArgs } from "./declarative-source-definition.ts";
export { DefaultWorkspace } from "./default-workspace.ts";
export { DestinationDefinition, SourceDefinition, type DefinitionArgs } from "./definition.ts";
export { Destination, type DestinationArgs } from "./destination.ts";
export { Permission, type PermissionArgs } from "./permission.ts";
export type { AirbyteHandle } from "./resource.ts";
export { every } from "./schedule.ts";
export { Source, type SourceArgs } from "./source.ts";
export { Tag, type TagArgs, type TagReference } from "./tag.ts";
export { Workspace, type NotificationArgs, type NotificationsArgs, type WorkspaceArgs } from "./workspace.ts";
