export type SourceSyncMode = "full_refresh" | "incremental";
export type DestinationSyncMode =
  "overwrite" | "append" | "append_dedup" | "overwrite_dedup" | "update" | "soft_delete";

/** The two halves of a sync mode: how the source is read, how the destination is written. */
export const halves = {
  full_refresh_overwrite: { source: "full_refresh", destination: "overwrite" },
  full_refresh_overwrite_deduped: { source: "full_refresh", destination: "overwrite_dedup" },
  full_refresh_append: { source: "full_refresh", destination: "append" },
  full_refresh_update: { source: "full_refresh", destination: "update" },
  full_refresh_soft_delete: { source: "full_refresh", destination: "soft_delete" },
  incremental_append: { source: "incremental", destination: "append" },
  incremental_deduped_history: { source: "incremental", destination: "append_dedup" },
  incremental_update: { source: "incremental", destination: "update" },
  incremental_soft_delete: { source: "incremental", destination: "soft_delete" },
} as const satisfies Record<string, { source: SourceSyncMode; destination: DestinationSyncMode }>;

export type SyncMode = keyof typeof halves;

export const syncModes = Object.keys(halves) as SyncMode[];

/** A full refresh goes by no cursor: Airbyte drops one that is given, and shows the source's own. (Its API server, seen.) */
export function usesCursor(mode: SyncMode): boolean {
  return halves[mode].source === "incremental";
}

/** The same of a key that is given: it stays in every mode but these two. */
export function usesKey(mode: SyncMode): boolean {
  return mode !== "full_refresh_overwrite" && mode !== "full_refresh_append";
}

/** The sync mode that two halves make; undefined for two that Airbyte has no name for, such as incremental overwrite. */
export function modeOf(source: SourceSyncMode, destination: DestinationSyncMode): SyncMode | undefined {
  return syncModes.find((mode) => halves[mode].source === source && halves[mode].destination === destination);
}

/** The sync modes that a stream and a destination can do together. */
export function possibleModes(source: SourceSyncMode[], destination: DestinationSyncMode[]): SyncMode[] {
  return syncModes.filter((mode) => {
    const half = halves[mode];
    const written =
      destination.includes(half.destination) ||
      // Overwrite + dedup is no mode of its own in connector specs: it takes a destination that can do both.
      (half.destination === "overwrite_dedup" &&
        destination.includes("overwrite") &&
        destination.includes("append_dedup"));
    return written && source.includes(half.source);
  });
}

/** As `GET /streams` lists them: Airbyte never names overwrite + dedup there, though it accepts it. */
export function listedModes(source: SourceSyncMode[], destination: DestinationSyncMode[]): SyncMode[] {
  return possibleModes(source, destination).filter((mode) => mode !== "full_refresh_overwrite_deduped");
}
