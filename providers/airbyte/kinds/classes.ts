import { Application } from "./application/resource.ts";
import { Destination } from "./actor/resource.ts";
import { Source } from "./actor/resource.ts";
import { Connection } from "./connection/resource.ts";
import { DeclarativeSourceDefinition } from "./declarative-source-definition/resource.ts";
import { DestinationDefinition, SourceDefinition } from "./definition/resource.ts";
import type { KindName } from "./names.ts";
import { Permission } from "./permission/resource.ts";
import { Region } from "./region/resource.ts";
import { Tag } from "./tag/resource.ts";
import { Workspace } from "./workspace/resource.ts";

/** Every kind's resource class, by its name in the state. A program of classes alone loads this, and no description. */
export const classes = {
  source: Source,
  destination: Destination,
  connection: Connection,
  workspace: Workspace,
  tag: Tag,
  "source-definition": SourceDefinition,
  "destination-definition": DestinationDefinition,
  "declarative-source-definition": DeclarativeSourceDefinition,
  permission: Permission,
  application: Application,
  region: Region,
} satisfies Record<KindName, unknown>;
