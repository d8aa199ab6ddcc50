import type { ActorBody } from "../../api/airbyte-api.ts";
import { withDefault } from "../../api/actors.ts";
import type { Actor, JsonObject } from "../../api/types.ts";
import { isObject, same, seenThrough } from "../../lifecycle/canonical.ts";
import { NAME_KEYS, type CommonInputs } from "../../lifecycle/handler.ts";
import { withFirst, withMasks, type FirstValues, type Sealed } from "../../lifecycle/stored.ts";

/** What a program declares of a source or a destination. */
export interface ActorInputs extends CommonInputs {
  workspaceId: string;
  name: string;
  /** The connector's name, e.g. `postgres`; or give `definitionId`. */
  connector?: string;
  /** The connector. Found by `connector` where only that is given. */
  definitionId: string;
  /** The connector's settings, secrets included. */
  configuration: JsonObject;
  resourceAllocation?: JsonObject;
  /** Sources only: the id that an OAuth consent gave. */
  secretId?: string;
  /** Runs Airbyte's own connection test after each creation and change. */
  check?: boolean;
  /** Values for the creation alone; `${stored}` stands in their places. Never among the outputs. */
  firstValues?: FirstValues;
  /** The values that were made secrets because of their place, and how that was known. */
  sealed?: Sealed;
}

// `definitionId` stands for the connector's name; `sealed` is compared in its own way; versions are the server's.
export const NEVER_COMPARED = [...NAME_KEYS, "connector", "sealed", "connectorVersion", "adopt", "firstValues"];

// The server keeps the type of a connector beside the configuration and takes these keys out of it.
const TYPE_KEYS = ["sourceType", "destinationType"];

/** @param actual the configuration that the server has; undefined for a new object */
export function body(inputs: ActorInputs, actual?: JsonObject | null): ActorBody {
  const { name, workspaceId, definitionId, configuration, firstValues, resourceAllocation, secretId } = inputs;
  return {
    ...{ name, workspaceId, definitionId, secretId },
    configuration: withMasks(withFirst(configuration, firstValues, actual)),
    resourceAllocation: withDefault(resourceAllocation),
  };
}

/** What the state keeps as outputs. */
export function outputsOf(inputs: ActorInputs): ActorInputs {
  const kept = { ...inputs };
  delete kept.firstValues;
  return kept;
}

export function sealsMore(before: Sealed | undefined, now: Sealed | undefined): boolean {
  if (now?.by !== "specification") return false;
  return now.paths.some((path) => !before?.paths.includes(path));
}

export function comparable(inputs: ActorInputs): ActorInputs {
  const { configuration } = inputs;
  if (!isObject(configuration)) return inputs;
  const kept = Object.entries(configuration).filter(([key]) => !TYPE_KEYS.includes(key));
  return { ...inputs, configuration: Object.fromEntries(kept) };
}

export function seen(declared: ActorInputs, actor: Actor): ActorInputs {
  const result: ActorInputs = { ...declared, name: actor.name, definitionId: actor.definitionId };
  if (actor.workspaceId) result.workspaceId = actor.workspaceId;
  const typeKeys = Object.entries(declared.configuration).filter(([key]) => TYPE_KEYS.includes(key));
  const configuration = seenThrough(comparable(declared).configuration, actor.configuration ?? {});
  const seenConfiguration = { ...(configuration as JsonObject), ...Object.fromEntries(typeKeys) };
  // The same object where nothing differs, so that the order of keys in the state stays.
  result.configuration = same(seenConfiguration, declared.configuration) ? declared.configuration : seenConfiguration;
  if (declared.resourceAllocation !== undefined) {
    const allocation = seenThrough(declared.resourceAllocation, actor.resourceAllocation ?? {});
    result.resourceAllocation = allocation as JsonObject;
  }
  return result;
}
