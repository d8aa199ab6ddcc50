import { isObject } from "./canonical.ts";
import type { JsonObject } from "../api/types.ts";
import { resolved } from "../../../specification/references.ts";

/**
 * Which streams sources have whose connector is a low-code manifest: by what the run has seen of both, without running the
 * connector. What is declared counts before what the server has, which a preview doesn't change.
 */
export class Manifests {
  /** By the id of the connector. */
  readonly #manifests = new Map<string, JsonObject>();
  /** The connector of a source. */
  readonly #connectors = new Map<string, string>();
  readonly #listed = new Map<string, Promise<void>>();

  /** A source, or a connector of one's own, as it is declared or was read. */
  note(id: string, { manifest, definitionId }: Record<string, unknown>): void {
    if (isObject(manifest)) this.#manifests.set(id, manifest);
    if (typeof definitionId === "string") this.#connectors.set(id, definitionId);
  }

  /** Names of the source's streams; undefined where they aren't known, or only a run of the connector tells. */
  streamsOf(sourceId: string): string[] | undefined {
    const manifest = this.#manifests.get(this.#connectors.get(sourceId) ?? "");
    return manifest && streamNames(manifest);
  }

  /** Notes the manifests that a list has, of those that aren't known yet; asked for once. A list that can't be had is none. */
  list(key: string, ask: () => Promise<{ id: string; manifest: JsonObject }[]>): Promise<void> {
    const known = this.#listed.get(key);
    if (known) return known;
    const listed = ask().then(
      (found) => {
        for (const { id, manifest } of found) if (!this.#manifests.has(id)) this.#manifests.set(id, manifest);
      },
      () => undefined,
    );
    this.#listed.set(key, listed);
    return listed;
  }

  isKnown(sourceId: string): boolean {
    return this.#connectors.has(sourceId);
  }
}

/** Names of a manifest's streams; undefined where some are made while the connector runs, or under a condition. */
export function streamNames(manifest: JsonObject): string[] | undefined {
  const { streams, dynamic_streams: dynamic } = manifest;
  if (!Array.isArray(streams) || (Array.isArray(dynamic) && dynamic.length > 0)) return undefined;
  const names = streams.map((stream) => {
    const found = resolved(manifest, stream);
    return isObject(found) && typeof found.name === "string" && !found.name.includes("{{") ? found.name : undefined;
  });
  return names.includes(undefined) ? undefined : (names as string[]);
}
