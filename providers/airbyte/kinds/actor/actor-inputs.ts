import type * as pulumi from "@pulumi/pulumi";
import type { ActorKind } from "../../api/words.ts";
import { lookUpSpecification } from "../../lookup.ts";
import { idOf, inWorkspace } from "../../resource.ts";
import { seal } from "./sealing.ts";
import type { ActorArgs } from "./source.ts";

/** Arguments of whatever connector. */
export type AnyActorArgs = Omit<ActorArgs, "configuration"> & { configuration: unknown };

/** What the provider gets of a source's or destination's arguments: defaults filled in, secrets sealed. */
export function actorInputs(kind: ActorKind, name: string, { configuration, ...args }: AnyActorArgs): pulumi.Inputs {
  const specification = lookUpSpecification(kind, args.airbyte, args);
  return {
    ...inWorkspace(name, args),
    definitionId: args.definitionId === undefined ? undefined : idOf(args.definitionId),
    ...seal(configuration as ActorArgs["configuration"], specification, `${kind} "${name}"`),
    connectorVersion: undefined,
  };
}
