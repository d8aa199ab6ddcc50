import type { Context } from "../../lifecycle/handler.ts";
import { isPattern } from "./stream-selection.ts";
import type { ConnectionInputs } from "./view.ts";

// A stream that the manifest of its source has no more stays selected in Airbyte, and no setting of the connection differs.

/** Sentences about selected streams that the manifest of their source, as far as this run has seen it, doesn't have. */
export function lostStreams(inputs: ConnectionInputs, { discovery }: Context): string[] {
  const { streams, streamSelection, sourceId } = inputs;
  const offered = discovery.manifests.streamsOf(sourceId);
  if (!offered || !Array.isArray(streams)) return [];
  const lost = [...new Set(streams.map(({ name }) => name))].filter((name) => !offered.includes(name));
  return lost
    .filter((name) => !isPattern({ name }))
    .map((name) => {
      const isNamed = !streamSelection || streamSelection.some((entry) => entry.name === name);
      const next = isNamed ? "take it out of streams, or put it back into the manifest" : "a refresh takes it out";
      return `the manifest of its source has no stream ${JSON.stringify(name)}; ${next}`;
    });
}

/** The same of a connection that was read: a manifest that the run hasn't seen is looked up, by a list for all. */
export async function tellLostStreams(inputs: ConnectionInputs, context: Context): Promise<void> {
  const { discovery, reads, api } = context;
  const { sourceId, workspaceId, streams } = inputs;
  if (!streams?.length) return;
  const { manifests } = discovery;
  await manifests.list(workspaceId, () => api.objects.declarativeSourceDefinitions.list({ workspaceId }));
  if (!manifests.isKnown(sourceId)) {
    // Only told in passing: what can't be read fails where it is needed.
    const source = await reads.actor("source", sourceId, workspaceId).catch(() => undefined);
    if (source) manifests.note(sourceId, { definitionId: source.definitionId });
  }
  for (const lost of lostStreams(inputs, context)) context.log(`warning: connection "${inputs.name}": ${lost}`);
}
