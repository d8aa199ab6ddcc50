import { airbyteKind } from "../kind.ts";
import type { Kind } from "../../kind.ts";
import type { CommonInputs } from "../lifecycle/handler.ts";
import { ObjectHandler } from "../lifecycle/object.ts";
import type { ObjectKind } from "../lifecycle/object-kind.ts";
import { application } from "./application/life.ts";
import { declarativeSourceDefinition } from "./declarative-source-definition/life.ts";
import { definition } from "./definition/life.ts";
import { permission } from "./permission/life.ts";
import { tag } from "./tag/life.ts";
import { workspace } from "./workspace/life.ts";

/** Every kind of object beside sources, destinations and connections, by its name in the state. */
export const objectKinds: Record<string, Kind> = Object.fromEntries([
  entry(workspace),
  entry(tag),
  entry(definition("source")),
  entry(definition("destination")),
  entry(declarativeSourceDefinition),
  entry(permission),
  entry(application),
]);

function entry<I extends CommonInputs, T extends { id: string }>(kind: ObjectKind<I, T>): [string, Kind] {
  return [kind.kind, airbyteKind(kind.kind, new ObjectHandler(kind))];
}
