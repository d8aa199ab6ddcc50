import type { CommonInputs } from "../../lifecycle/handler.ts";
import type { ObjectLife } from "../../lifecycle/object-kind.ts";
import type { ConnectorDefinition, DefinitionBody } from "./calls.ts";

export interface DefinitionInputs extends CommonInputs, DefinitionBody {}

export const definitionLife: ObjectLife<DefinitionInputs, ConnectorDefinition> = {
  identity: ({ dockerRepository }) => ({ dockerRepository }),
  changesConnectors: true,
};
