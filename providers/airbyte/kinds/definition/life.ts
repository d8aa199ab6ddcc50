import type { ActorKind } from "../../api/airbyte-api.ts";
import type { ConnectorDefinition, DefinitionBody } from "./calls.ts";
import type { CommonInputs } from "../../lifecycle/handler.ts";
import { requireText, requireUuid } from "../../lifecycle/inputs.ts";
import type { ObjectKind } from "../../lifecycle/object-kind.ts";

export interface DefinitionInputs extends CommonInputs, DefinitionBody {}

/** A connector of a workspace's own, as a Docker image. */
export function definition(actor: ActorKind): ObjectKind<DefinitionInputs, ConnectorDefinition> {
  return {
    kind: `${actor}-definition`,
    calls: (objects) => (actor === "source" ? objects.sourceDefinitions : objects.destinationDefinitions),
    check: (inputs) => [
      ...requireText(inputs, "name"),
      ...requireText(inputs, "dockerRepository"),
      ...requireText(inputs, "dockerImageTag"),
      ...requireUuid(inputs, "workspaceId"),
    ],
    fixed: ["workspaceId", "dockerRepository"],
    // The address of a page isn't worth the connections that a replacement takes along.
    atCreation: ["documentationUrl"],
    nameOf: ({ name }) => name,
    workspaceOf: ({ workspaceId }) => workspaceId,
    identity: ({ dockerRepository }) => ({ dockerRepository }),
    shown: ({ name, dockerRepository, dockerImageTag }) => ({ name, dockerRepository, dockerImageTag }),
    lostByReplacement: `its ${actor}s are replaced too, and their connections lose their sync state`,
    changesConnectors: true,
  };
}
