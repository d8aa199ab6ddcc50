// The public door: everything that a Pulumi program of one's own needs.
export { Application } from "./kinds/application/resource.ts";
export type { ApplicationArgs } from "./kinds/application/args.ts";
export { Connection } from "./kinds/connection/resource.ts";
export type { ConnectionArgs, FirstSyncArgs, Schedule, StreamArgs, StreamSettings } from "./kinds/connection/args.ts";
export { DeclarativeSourceDefinition } from "./kinds/declarative-source-definition/resource.ts";
export type { DeclarativeSourceDefinitionArgs } from "./kinds/declarative-source-definition/args.ts";
export { DefaultWorkspace } from "./kinds/default-workspace/resource.ts";
export { DestinationDefinition, SourceDefinition } from "./kinds/definition/resource.ts";
export type { DefinitionArgs } from "./kinds/definition/args.ts";
export { Permission } from "./kinds/permission/resource.ts";
export type { PermissionArgs } from "./kinds/permission/args.ts";
export { Region } from "./kinds/region/resource.ts";
export type { RegionArgs } from "./kinds/region/args.ts";
export type { AirbyteHandle } from "./resource.ts";
export { every } from "./kinds/connection/schedule.ts";
export { Destination, Source } from "./kinds/actor/resource.ts";
export type { DestinationArgs, SourceArgs } from "./kinds/actor/args.ts";
export type { ConfigurationOf } from "./kinds/actor/configuration.ts";
export { first } from "./first.ts";
export { Tag, type TagReference } from "./kinds/tag/resource.ts";
export type { TagArgs } from "./kinds/tag/args.ts";
export { Workspace } from "./kinds/workspace/resource.ts";
export type { NotificationArgs, NotificationsArgs, WorkspaceArgs } from "./kinds/workspace/args.ts";

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
