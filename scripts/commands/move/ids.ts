import { isId } from "../../../declaration/links.ts";
import { sections, singular, type Section } from "../../../providers/airbyte/kinds/names.ts";
import type { Pipelines } from "../../../declaration/declare.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
import type { AirbyteApi } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { InWorkspace } from "../../../providers/airbyte/api/object-calls.ts";

/** An id in the pipelines that names something in one Airbyte alone. */
export interface NamedId {
  /** Where it stands: `connections.orders.source`. */
  place: string;
  /** What it names; undefined for what can't be looked up. */
  kind: Section | undefined;
  id: string;
}

/** Every such id. Those of Airbyte's own connectors are the same everywhere, and are not among them. */
export function namedIds(pipelines: Pipelines): NamedId[] {
  return sections.flatMap((kind) =>
    Object.entries<Record<string, unknown>>(pipelines[kind]).flatMap(([name, entry]) => {
      const found = (key: string, of: Section | undefined, id: unknown) =>
        typeof id === "string" ? [{ place: `${kind}.${name}.${key}`, kind: of, id }] : [];
      const end = (key: "source" | "destination") => {
        const reference = entry[key];
        return typeof reference === "string" && isId(reference) ? found(key, `${key}s`, reference) : [];
      };
      return [
        ...found("workspaceId", "workspaces", entry.workspaceId),
        ...found("adopt", kind, entry.adopt),
        ...(kind === "connections" ? [...end("source"), ...end("destination"), ...tagIds(entry.tags, found)] : []),
        ...["organizationId", "regionId", "userId", "secretId"].flatMap((key) => found(key, undefined, entry[key])),
      ];
    }),
  );
}

function tagIds(tags: unknown, found: (key: string, of: Section, id: unknown) => NamedId[]): NamedId[] {
  if (!Array.isArray(tags)) return [];
  return tags.flatMap((tag: unknown, index) => {
    const id = typeof tag === "object" && tag !== null ? (tag as { tagId?: unknown }).tagId : tag;
    return typeof id === "string" && isId(id) ? found(`tags[${index}]`, "tags", id) : [];
  });
}

/** Those that the other Airbyte has nothing of, each in a line. */
export async function strangeIds(ids: NamedId[], api: AirbyteApi, workspaceId: string): Promise<string[]> {
  const checked = await Promise.all(
    ids.map(async ({ place, kind, id }) => {
      if (kind === undefined) return [];
      return (await exists(api, kind, id, workspaceId)) ? [] : [`${place}: there is no ${singular(kind)} ${id} there`];
    }),
  );
  return checked.flat();
}

async function exists(api: AirbyteApi, kind: Section, id: string, workspaceId: string): Promise<boolean> {
  try {
    if (kind === "sources" || kind === "destinations") {
      return (await api.getActor(kind === "sources" ? "source" : "destination", id, workspaceId)) !== undefined;
    }
    if (kind === "connections") return (await api.getConnection(id, workspaceId)) !== undefined;
    if (kind === "workspaces") return (await api.getWorkspace(id)) !== undefined;
    const calls = api.objects[kind] as { get(id: string, scope: InWorkspace): Promise<unknown> };
    return (await calls.get(id, { workspaceId })) !== undefined;
  } catch (error) {
    if (error instanceof AirbyteError && error.code === "refused" && (error.status ?? 500) < 500) return false;
    throw error;
  }
}
