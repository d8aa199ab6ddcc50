import { didYouMean } from "../../../../errors/nearest.ts";
import type { DiscoveredStream } from "../../api/types.ts";
import { same } from "../../lifecycle/canonical.ts";
import type { ConnectionInputs } from "./view.ts";
import { isPattern } from "./stream-selection.ts";
import { asSent, isUsed, type StreamInputs } from "./streams.ts";

// What Airbyte would refuse about a list of streams, said beforehand and with the nearest name that would do.

// Airbyte takes these whatever the connectors say: the first is what a stream gets that names no mode, and the second
// is never listed among the possible ones.
const ALWAYS_TAKEN = ["full_refresh_overwrite", "full_refresh_overwrite_deduped"];
const NEED_CURSOR = ["incremental_append", "incremental_deduped_history"];
const NEED_KEY = ["incremental_deduped_history", "full_refresh_update", "incremental_update"];

/** Sentences about streams that the source doesn't offer, or not so. */
export function streamMistakes(streams: readonly StreamInputs[], offered: readonly DiscoveredStream[]): string[] {
  // Where a connector is only played, nobody can tell what the real one offers.
  if (offered.some(({ simulated }) => simulated)) return [];
  return streams.flatMap((stream) => {
    const sameName = offered.filter(({ streamName }) => streamName === stream.name);
    const found = sameName.length > 1 ? sameName.find((one) => inNamespace(one, stream)) : sameName[0];
    if (found) return settingMistakes(asSent(stream), found).map((mistake) => `stream "${stream.name}": ${mistake}`);
    if (sameName.length > 1) {
      const namespaces = sameName.map(({ streamnamespace }) => streamnamespace ?? "").join(", ");
      return [`stream "${stream.name}": the source has several of this name; say which by namespace: ${namespaces}`];
    }
    const names = offered.map(({ streamName }) => streamName);
    return [`streams: the source offers no stream "${stream.name}"${didYouMean(stream.name, names)}`];
  });
}

/**
 * Sentences about a cursor or a key that is written for a stream or a pattern whose own mode has no use for it. One that it has from
 * `streamDefaults`, or a pattern, is for the others.
 */
export function unusedSettings({ streams = [], streamSelection, streamDefaults = {} }: ConnectionInputs): string[] {
  // Without patterns the entries are resolved already, so what equals the default may be inherited.
  return (streamSelection ?? streams).flatMap((entry) => {
    const syncMode = entry.syncMode ?? streamDefaults.syncMode;
    const inherits = entry.syncMode === undefined && (streamSelection ?? []).some(isPattern);
    const unused = (["cursorField", "primaryKey"] as const).filter(
      (key) => entry[key]?.length && !isUsed(key, syncMode) && !same(entry[key], streamDefaults[key]),
    );
    if (inherits || unused.length === 0) return [];
    const mode = syncMode ?? "full_refresh_overwrite, Airbyte's default,";
    return [
      `stream ${JSON.stringify(entry.name)}: syncMode ${mode} has no use for ${unused.join(" and ")}, so Airbyte goes without; leave it out, or choose another mode`,
    ];
  });
}

function inNamespace({ streamnamespace }: DiscoveredStream, { namespace }: StreamInputs): boolean {
  return (streamnamespace ?? "") === (namespace ?? "");
}

function settingMistakes(stream: StreamInputs, offered: DiscoveredStream): string[] {
  const modes = modeMistakes(stream, offered);
  if (modes.length > 0) return modes; // What an impossible mode would need besides helps nobody.
  return [...cursorMistakes(stream, offered), ...keyMistakes(stream, offered), ...fieldMistakes(stream, offered)];
}

function modeMistakes({ syncMode }: StreamInputs, { syncModes }: DiscoveredStream): string[] {
  if (syncMode === undefined || !syncModes || ALWAYS_TAKEN.includes(syncMode) || syncModes.includes(syncMode)) {
    return [];
  }
  const possible = [...new Set([...syncModes, "full_refresh_overwrite"])].join(", ");
  return [`syncMode ${syncMode} is not possible between these connectors (possible: ${possible})`];
}

function cursorMistakes({ syncMode, cursorField }: StreamInputs, offered: DiscoveredStream): string[] {
  const own = offered.defaultCursorField ?? [];
  if (!cursorField?.length) {
    const needed = NEED_CURSOR.includes(syncMode ?? "") && !offered.sourceDefinedCursorField && own.length === 0;
    return needed ? [`syncMode ${syncMode} needs a cursorField: the source defines none`] : [];
  }
  if (!offered.sourceDefinedCursorField || own.length === 0 || same(cursorField, own)) return [];
  return [`cursorField: the source itself defines it (${own.join(".")}); leave it out`];
}

function keyMistakes({ syncMode, primaryKey }: StreamInputs, offered: DiscoveredStream): string[] {
  const own = offered.sourceDefinedPrimaryKey ?? [];
  if (!primaryKey?.length) {
    const needed = NEED_KEY.includes(syncMode ?? "") && own.length === 0;
    return needed ? [`syncMode ${syncMode} needs a primaryKey: the source defines none`] : [];
  }
  if (own.length === 0 || same(primaryKey, own)) return [];
  return [`primaryKey: the source itself defines it (${own.map((path) => path.join(".")).join(", ")}); leave it out`];
}

function fieldMistakes({ cursorField, primaryKey, selectedFields }: StreamInputs, offered: DiscoveredStream): string[] {
  const known = [...new Set((offered.propertyFields ?? []).flatMap(([field]) => field ?? []))];
  // A schema without fields says nothing about them.
  if (known.length === 0) return [];
  const unknown = (setting: string, [field]: readonly string[]) =>
    field === undefined || known.includes(field)
      ? []
      : [`${setting}: the stream has no field "${field}"${didYouMean(field, known)}`];
  return [
    ...unknown("cursorField", cursorField ?? []),
    ...(primaryKey ?? []).flatMap((path) => unknown("primaryKey", path)),
    ...(selectedFields ?? []).flatMap(({ fieldPath }) => unknown("selectedFields", fieldPath)),
  ];
}
