import { airbyteKind } from "../kind.ts";
import type { Handler } from "../lifecycle/handler.ts";
import { ObjectHandler } from "../lifecycle/object.ts";
import type { ResourceHandler } from "../../resource-handler.ts";
import { ActorHandler } from "./actor/life.ts";
import { applicationLife } from "./application/life.ts";
import { ConnectionHandler } from "./connection/life.ts";
import { declarativeSourceDefinitionLife } from "./declarative-source-definition/life.ts";
import { DefaultWorkspaceHandler } from "./default-workspace/life.ts";
import { definitionLife } from "./definition/life.ts";
import { descriptions } from "./descriptions.ts";
import type { KindName } from "./names.ts";
import { permissionLife } from "./permission/life.ts";
import { tagLife } from "./tag/life.ts";
import { workspaceLife } from "./workspace/life.ts";

/** Every kind's life, by its name in the state: of those that are declared, and of the workspace that is found. */
export const handlers = {
  source: new ActorHandler("source"),
  destination: new ActorHandler("destination"),
  connection: new ConnectionHandler(),
  workspace: new ObjectHandler(descriptions.workspace, workspaceLife),
  tag: new ObjectHandler(descriptions.tag, tagLife),
  "source-definition": new ObjectHandler(descriptions["source-definition"], definitionLife),
  "destination-definition": new ObjectHandler(descriptions["destination-definition"], definitionLife),
  "declarative-source-definition": new ObjectHandler(
    descriptions["declarative-source-definition"],
    declarativeSourceDefinitionLife,
  ),
  permission: new ObjectHandler(descriptions.permission, permissionLife),
  application: new ObjectHandler(descriptions.application, applicationLife),
  region: new ObjectHandler(descriptions.region),
  "default-workspace": new DefaultWorkspaceHandler(),
} satisfies Record<KindName | "default-workspace", object>;

/** The same as Pulumi's side calls them. */
export const airbyteKinds: Record<string, ResourceHandler> = Object.fromEntries(
  Object.entries<Handler<never>>(handlers as never).map(([kind, handler]) => [kind, airbyteKind(kind, handler)]),
);
