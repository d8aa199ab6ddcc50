import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import { isUserError } from "../../../errors/user-error.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import type { Explanation } from "./explain.ts";

/** A source or destination of the pipelines, and the connector that it wants: by id, or by name. */
export interface Used {
  kind: ActorKind;
  name: string;
  definitionId?: string | undefined;
  connector?: string | undefined;
}

/** What is known of the connectors: their count, what is wrong, or undefined where this Airbyte doesn't tell. */
export async function checkDefinitions(
  { api, connectors }: Pick<Context, "api" | "connectors">,
  workspaceId: string,
  used: readonly Used[],
): Promise<{ counts: string } | Explanation | undefined> {
  const counts: string[] = [];
  const mistakes: string[] = [];
  for (const kind of ["source", "destination"] as const) {
    const known = await listOrNothing(() => connectors.list(kind, workspaceId));
    if (known.length === 0) return undefined;
    counts.push(`${known.length} ${kind} connectors`);
    for (const { name, definitionId, connector } of used.filter((one) => one.kind === kind)) {
      const found =
        connector === undefined
          ? !api.hasConfigApi || // the public registry has no connectors of one's own
            known.some(({ id }) => id === definitionId) || {
              mistake: `no ${kind} connector has the id ${definitionId}`,
            }
          : await connectors.resolve(kind, connector, workspaceId);
      if (found !== true && "mistake" in found) mistakes.push(`\n  ${kind}s.${name}: ${found.mistake}`);
    }
  }
  if (mistakes.length === 0) return { counts: counts.join(", ") };
  return {
    found: `${counts.join(", ")}, and not what the pipelines use:${mistakes.join("")}`,
    next: "correct connector or definitionId there, or add the connector in Airbyte (Settings > Sources, Destinations)",
  };
}

/** The list is in the older API, which a gateway may keep back, or Airbyte's registry, which may be out of reach; no resource needs it. */
async function listOrNothing<T>(list: () => Promise<T[]>): Promise<T[]> {
  try {
    return await list();
  } catch (error) {
    if (isUserError(error) && error.code === "registry") return [];
    if (error instanceof AirbyteError && (error.status === 404 || error.status === 403)) return [];
    throw error;
  }
}
