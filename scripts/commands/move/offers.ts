import { sections, singular, type Section } from "../../../providers/airbyte/kinds/names.ts";
import type { Pipelines } from "../../../declaration/declare.ts";
import type { AirbyteApi } from "../../../providers/airbyte/api/airbyte-api.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import type { AirbyteObjects } from "../../../providers/airbyte/kinds/calls.ts";
import { isUserError } from "../../../errors/user-error.ts";
import { zoneTrouble } from "../../../providers/airbyte/kinds/connection/zones.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { storedPaths } from "../../../providers/airbyte/lifecycle/stored.ts";

/** What the pipelines ask of an Airbyte and this one doesn't offer, each in a line. */
export async function notOffered(pipelines: Pipelines, api: AirbyteApi, workspaceId: string): Promise<string[]> {
  const objects = sections.filter((kind): kind is keyof AirbyteObjects => kind in api.objects);
  const used = objects.filter((kind) => Object.keys(pipelines[kind]).length > 0);
  const kinds = await Promise.all(
    used.map(async (kind) => {
      const why = await whyNone(api, kind, workspaceId);
      return why === undefined ? [] : [`${kind}: ${why}`];
    }),
  );
  const zones = Object.entries(pipelines.connections).flatMap(([name, connection]) => {
    const troubles = zoneTrouble(connection as unknown as ConnectionInputs, { api } as Context);
    return troubles.map((trouble) => `connections.${name}.${trouble}`);
  });
  return [...kinds.flat(), ...zones, ...(api.hasConfigApi ? [] : allocations(pipelines))];
}

async function whyNone(api: AirbyteApi, kind: keyof AirbyteObjects, workspaceId: string): Promise<string | undefined> {
  const calls = api.objects[kind] as {
    unavailable?(): Promise<string | undefined>;
    list(scope: object): Promise<unknown>;
  };
  try {
    const why = await calls.unavailable?.();
    // Who has which permission is asked user by user, so there is no list to try.
    if (why === undefined && kind !== "permissions") await calls.list({ workspaceId });
    return why;
  } catch (error) {
    if (error instanceof AirbyteError) return undefined; // The preview says better what is wrong.
    if (isUserError(error)) return error.summary;
    throw error;
  }
}

function allocations({ sources, destinations }: Pipelines): string[] {
  return Object.entries({ sources, destinations }).flatMap(([kind, actors]) =>
    Object.entries(actors)
      .filter(([, { resourceAllocation }]) => resourceAllocation !== undefined)
      .map(([name]) => `${kind}.${name}.resourceAllocation: Airbyte Cloud takes none; leave it out`),
  );
}

/** `Source/users`, as the state has the entry `users` under `sources`. */
export function nameInState(kind: Section, name: string): string {
  const type = singular(kind);
  return `${type.charAt(0).toUpperCase()}${type.slice(1)}/${name}`;
}

/** Secrets that only the first Airbyte has: the pipelines say `${stored}` in their place. `made`: what the other one has. */
export function onlyStored(pipelines: Pipelines, made: ReadonlySet<string>): string[] {
  return (["sources", "destinations"] as const).flatMap((kind) =>
    Object.entries(pipelines[kind]).flatMap(([name, { configuration }]) => {
      if (made.has(nameInState(kind, name))) return [];
      return storedPaths(configuration).map(
        (path) => `${kind}.${name}.${path}: is \${stored}, which no other Airbyte has; use \${secret:NAME}`,
      );
    }),
  );
}
