// The public door: everything that a Pulumi program of one's own needs.
export { Application, type ApplicationArgs } from "./application.ts";
export type { ConfigurationOf } from "./configurations.ts";
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

// These two are declared here and nowhere else, because only a module's own declarations can be added to from outside
// without surprises: https://github.com/microsoft/TypeScript/issues/46617.

/**
 * Types of the sources' configurations, by the connectors' names. Empty, so that any configuration is taken; a program
 * adds those of its connectors (`npm run types` writes them):
 *
 * @example
 * declare module "airbyte-on-pulumi" {
 *   interface SourceConfigurations {
 *     faker: { count?: number; seed?: number };
 *   }
 * }
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface SourceConfigurations {}

/** The same for destinations. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface DestinationConfigurations {}
