import type { CommonInputs } from "../../lifecycle/handler.ts";
import type { ObjectLife } from "../../lifecycle/object-kind.ts";
import type { DeclarativeSource, DeclarativeSourceBody } from "./calls.ts";

export interface DeclarativeSourceInputs extends CommonInputs, DeclarativeSourceBody {}

export const declarativeSourceDefinitionLife: ObjectLife<DeclarativeSourceInputs, DeclarativeSource> = {
  outputs: { version: ({ version }) => version },
  changesConnectors: true,
};
