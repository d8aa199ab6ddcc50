import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { Actor, JsonObject } from "../../../providers/airbyte/api/types.ts";
import { formatPath } from "../../../errors/user-error.ts";
import { issueInWords } from "../../../errors/zod-issues.ts";
import { isObject, STORED } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { checkConfiguration } from "../../../providers/airbyte/specification/check.ts";
import type { Specification } from "../../../providers/airbyte/specification/schema.ts";
import { nameIn, placeOf, withoutNulls, type Made, type Making } from "./making.ts";
import { mapSecrets, type Found } from "./model.ts";
import { hideSecrets } from "./secrets.ts";

/** A source or a destination. */
export async function declareActor(found: Found, name: string, making: Making): Promise<Made> {
  const actor = found.object as Actor;
  const kind = found.kind === "sources" ? "source" : "destination";
  const { connectors } = making.airbyte;
  const specification = await connectors
    .specification(kind, actor.definitionId, actor.workspaceId)
    .catch(() => undefined); // Its keys decide then, as they do in the program.
  const { configuration, notes, mistakes } = acceptable(actor.configuration ?? {}, specification);
  if (mistakes.length > 0) return { why: `its connector's specification refuses what it has: ${mistakes.join("; ")}` };
  const allocation = withoutNulls(actor.resourceAllocation ?? {});
  const settings = {
    ...(await connectorOf(kind, actor, making)),
    ...nameIn(actor.name, name),
    ...placeOf(actor.workspaceId, making),
    configuration: hideSecrets(configuration, {
      specification,
      known: making.known.get(actor.id),
      secret: (key, value) => making.secrets.add(name, key, value),
    }),
    ...(Object.keys(allocation).length > 0 ? { resourceAllocation: allocation } : {}),
  };
  return { settings, notes };
}

async function connectorOf(kind: ActorKind, { definitionId, workspaceId }: Actor, { airbyte, names }: Making) {
  const own = names.of(`${kind}Definitions`, definitionId) ?? names.of("declarativeSourceDefinitions", definitionId);
  if (own !== undefined) return { definition: own };
  const connector = await airbyte.connectors.nameOf(kind, definitionId, workspaceId).catch(() => undefined);
  return connector === undefined ? { definitionId } : { connector };
}

/** The configuration without the keys that every preview would stop at, and what is still wrong with it. */
function acceptable(configuration: JsonObject, specification: Specification | undefined) {
  const notes: string[] = [];
  let accepted = configuration;
  for (;;) {
    const masked = mapSecrets(accepted, () => STORED) as JsonObject;
    const mistakes = specification ? checkConfiguration(masked, specification).mistakes : [];
    const [first] = mistakes;
    if (!first?.isUnknownKey) return { configuration: accepted, notes, mistakes: mistakes.map(issueInWords) };
    const path = first.path.slice(1).map(String);
    accepted = without(accepted, path);
    notes.push(`Airbyte also has ${formatPath(path)}, which its connector doesn't know; the next change takes it away`);
  }
}

function without(object: JsonObject, [first = "", ...rest]: readonly string[]): JsonObject {
  const inner = object[first];
  const entries = Object.entries(object).filter(([key]) => key !== first || rest.length > 0);
  const kept = Object.fromEntries(entries);
  return rest.length > 0 && isObject(inner) ? { ...kept, [first]: without(inner, rest) } : kept;
}
