import { didYouMean } from "../../../../errors/nearest.ts";
import type { Issue } from "../../../../errors/zod-issues.ts";
import type { DiscoveredStream } from "../../api/types.ts";
import { same } from "../../lifecycle/canonical.ts";
import { fieldIssues, fieldsOf, selectionIssues, type Finding } from "./field-issues.ts";
import { mapperFieldIssues } from "./mapper-fields.ts";
import { revealed } from "./mappers.ts";
import { oncePerPlace } from "./places.ts";
import { sharedTables, type SharedTable } from "./shared-tables.ts";
import {
  fullName,
  isPattern,
  meantByFullName,
  offeredStreams,
  patternIssues,
  select,
  shownNames,
  type OfferedStream,
  type SelectedStream,
} from "./stream-selection.ts";
import { asSent, isUsed, type StreamInputs } from "./streams.ts";
import type { ConnectionInputs } from "./view.ts";

// What Airbyte would refuse about the streams of a connection, or what would end otherwise than meant, said beforehand: where it was
// written, and with the nearest name that would do.

/** What is to be said of a connection's streams. Paths are those of the connection's inputs, as they were declared. */
export interface StreamIssues {
  issues: Issue[];
  warnings: Issue[];
  /** Inputs that are known now: what patterns stand for. */
  completed?: Partial<ConnectionInputs>;
}

// Airbyte takes these whatever the connectors say: the first is what a stream gets that names no mode, and the second
// is never listed among the possible ones.
const ALWAYS_TAKEN = ["full_refresh_overwrite", "full_refresh_overwrite_deduped"];
const NEED_CURSOR = ["incremental_append", "incremental_deduped_history"];
const NEED_KEY = ["incremental_deduped_history", "full_refresh_update", "incremental_update"];

/** What the names of a source's streams alone tell of those that are declared: of one that isn't there yet. */
export function nameIssues({ streams = [], streamSelection }: ConnectionInputs, names: readonly string[]): Issue[] {
  const bare = (entries: readonly StreamInputs[]) =>
    entries.map(({ name, namespace }) => (namespace === undefined ? { name } : { name, namespace }));
  const inputs = { streams: bare(streams), ...(streamSelection ? { streamSelection: bare(streamSelection) } : {}) };
  return streamIssues(
    inputs as ConnectionInputs,
    names.map((streamName) => ({ streamName })),
  ).issues;
}

/** All that the source's streams tell of those that are declared. Pure: it asks nobody. */
export function streamIssues(inputs: ConnectionInputs, discovered: readonly DiscoveredStream[]): StreamIssues {
  const { streams = [], streamSelection, streamDefaults: defaults = {} } = inputs;
  const entries = streamSelection ?? streams;
  const offered = offeredStreams(discovered);
  const selected = select(entries, defaults, offered);
  const isPlayed = discovered.some(({ simulated }) => simulated);
  const idle = patternIssues(entries, offered).map((issue) => (isPlayed ? ofPlayed(issue) : issue));
  if (streamSelection && selected.length === 0) {
    const nothing = { path: ["streams"], text: "nothing is left of what the source offers" };
    return { issues: idle.length > 0 ? idle : [nothing], warnings: [] };
  }
  // Where a connector is only played, nobody can tell what the real one offers.
  const checked = isPlayed ? [] : selected.map((one) => ({ ...one, ...checkStream(one, discovered, inputs) }));
  const found = checked.flatMap(({ findings, ...one }) => {
    return findings.map(({ setting, below = [], text, isWarning = false }) => ({
      issue: { path: [...placeOf(one, setting, entries, defaults), ...below], text },
      isWarning,
    }));
  });
  const twice = doubles(selected, discovered);
  const tables = twice.length > 0 ? [] : tablesWithin(inputs, offered);
  const of = (isWarning: boolean): Issue[] => [
    ...oncePerPlace(
      found.filter((one) => one.isWarning === isWarning).map(({ issue }) => issue),
      "stream",
    ),
    ...tables.filter((one) => one.isWarning === isWarning).map(({ path, text }) => ({ path, text })),
  ];
  const resolved = selected.map(({ stream }) => stream);
  const completed: Partial<ConnectionInputs> = streamSelection
    ? { streams: resolved, offeredStreams: offered }
    : same(resolved, streams)
      ? {}
      : { streams: resolved };
  const own = new Map(checked.map((one) => [one.from.at(-1), one]));
  return {
    issues: [...of(false), ...twice],
    warnings: [...unusedSettings(inputs, (index) => own.get(index)), ...idle, ...of(true)],
    completed,
  };
}

function tablesWithin(inputs: ConnectionInputs, offeredStreams: OfferedStream[]): SharedTable[] {
  const { name: connection, sourceId: source, destinationId: destination } = inputs;
  return sharedTables([{ connection, source, destination, inputs: { ...inputs, offeredStreams } }]);
}

function ofPlayed({ path, text }: Issue): Issue {
  return { path, text: `${text}; this source is only simulated here: which streams the real one has, nobody knows` };
}

/** Where a setting was written: in the stream's own entry, a pattern's, or the defaults; the entry, for one that is nowhere. */
function placeOf(
  { from }: SelectedStream,
  setting: string,
  entries: readonly StreamInputs[],
  defaults: Partial<StreamInputs>,
): PropertyKey[] {
  // Without patterns the entries have their defaults already.
  const isOwn = (index: number) => {
    const value = entries[index]?.[setting];
    return value !== undefined && !same(value, defaults[setting]);
  };
  const own = from.findLast(isOwn);
  if (setting !== "name" && own !== undefined) return ["streams", own, setting];
  return defaults[setting] === undefined ? ["streams", from.at(-1) ?? 0] : ["streamDefaults", setting];
}

interface Checked {
  findings: Finding[];
  offered?: DiscoveredStream;
  /** The mode itself is impossible, so that what it has a use for is no question. */
  isImpossible?: boolean;
}

function checkStream(
  { stream }: SelectedStream,
  discovered: readonly DiscoveredStream[],
  { mapperSecrets }: ConnectionInputs,
): Checked {
  const offered = counterpart(stream, discovered);
  if (!offered) return { findings: [{ setting: "name", text: notOffered(stream, discovered) }] };
  const sent = asSent(stream);
  const name = shownName(stream);
  const mode = modeFinding(sent, offered, name);
  if (mode) return { findings: [mode], offered, isImpossible: true }; // What an impossible mode would need besides helps nobody.
  const fields = fieldsOf(offered);
  const ofKeys = [...cursorAndKey(sent, offered, name), ...fieldIssues(sent, fields, name)];
  const settled = new Set(ofKeys.map(({ setting }) => setting));
  // One word about a setting: that the source has its own says all about a cursor, or a key, that it doesn't even have.
  const once = ofKeys.filter(({ setting }, index) => ofKeys.findIndex((other) => other.setting === setting) === index);
  return {
    findings: [
      ...once,
      ...(settled.has("selectedFields") ? [] : selectionIssues(sent, offered, name, settled)),
      ...mapperFieldIssues(revealed(sent, mapperSecrets), fields, name),
    ],
    offered,
  };
}

function shownName(stream: StreamInputs): string {
  return JSON.stringify(fullName(stream));
}

/** Airbyte compares the namespace only where several streams share the name. */
function counterpart(stream: StreamInputs, discovered: readonly DiscoveredStream[]): DiscoveredStream | undefined {
  const sameName = discovered.filter(({ streamName }) => streamName === stream.name);
  return sameName.length > 1
    ? sameName.find(({ streamnamespace }) => (streamnamespace ?? "") === (stream.namespace ?? ""))
    : sameName[0];
}

function notOffered(stream: StreamInputs, discovered: readonly DiscoveredStream[]): string {
  const offered = offeredStreams(discovered);
  const name = JSON.stringify(stream.name);
  const alike = offered.filter((one) => one.name === stream.name);
  if (alike.length > 0 && stream.namespace !== undefined) {
    const namespaces = alike.flatMap(({ namespace }) => namespace ?? []);
    return `the source offers no stream ${name} in the namespace ${JSON.stringify(stream.namespace)}${didYouMean(stream.namespace, namespaces)}`;
  }
  if (alike.length > 0) return `the source has several streams ${name}; say which: ${alike.map(fullName).join(", ")}`;
  const meant = meantByFullName(stream, offered);
  if (meant.length > 0) {
    const forms = meant.map((one) => `{name: ${one.name}, namespace: ${one.namespace ?? ""}}`);
    return `the source has several streams ${name}; say which: ${forms.join(", ")}`;
  }
  return `the source offers no stream ${name}${didYouMean(stream.name, shownNames(offered, stream.name))}`;
}

/** Two entries that mean one stream: Airbyte refuses the second. */
function doubles(selected: readonly SelectedStream[], discovered: readonly DiscoveredStream[]): Issue[] {
  const seen = new Set<unknown>();
  return selected.flatMap(({ stream, from }): Issue[] => {
    const key = counterpart(stream, discovered) ?? JSON.stringify([stream.namespace, stream.name]);
    const isDouble = seen.has(key);
    seen.add(key);
    const text = `the stream ${shownName(stream)} is meant by an entry before, too; one of them is enough`;
    return isDouble ? [{ path: ["streams", from.at(-1) ?? 0], text }] : [];
  });
}

function modeFinding({ syncMode }: StreamInputs, { syncModes }: DiscoveredStream, name: string): Finding | undefined {
  if (syncMode === undefined || !syncModes || ALWAYS_TAKEN.includes(syncMode) || syncModes.includes(syncMode)) {
    return undefined;
  }
  const possible = [...new Set([...syncModes, "full_refresh_overwrite"])].join(", ");
  const text = `${syncMode} is not possible for the stream ${name} between these connectors (possible: ${possible})`;
  return { setting: "syncMode", text };
}

/** What a mode needs and nobody defines, in one; and what is given although the source defines it. */
function cursorAndKey({ syncMode = "", ...stream }: StreamInputs, offered: DiscoveredStream, name: string): Finding[] {
  const { cursorField: cursor = [], primaryKey: key = [] } = stream as Partial<StreamInputs>;
  const ownCursor = offered.defaultCursorField ?? [];
  const ownKey = offered.sourceDefinedPrimaryKey ?? [];
  const lacks = [
    ...(NEED_CURSOR.includes(syncMode) && cursor.length + ownCursor.length === 0 && !offered.sourceDefinedCursorField
      ? ["a cursorField"]
      : []),
    ...(NEED_KEY.includes(syncMode) && key.length + ownKey.length === 0 ? ["a primaryKey"] : []),
  ];
  const defines = lacks.length === 2 ? "neither" : "none";
  const isOwn = (text: string) => `${text}; leave it out`;
  return [
    ...(lacks.length > 0
      ? [
          {
            setting: "syncMode",
            text: `${syncMode} needs ${lacks.join(" and ")} for the stream ${name}: the source defines ${defines}`,
          },
        ]
      : []),
    ...(cursor.length > 0 && offered.sourceDefinedCursorField && ownCursor.length > 0 && !same(cursor, ownCursor)
      ? [
          {
            setting: "cursorField",
            text: isOwn(`the source itself defines that of the stream ${name} (${ownCursor.join(".")})`),
          },
        ]
      : []),
    ...(key.length > 0 && ownKey.length > 0 && !same(key, ownKey)
      ? [
          {
            setting: "primaryKey",
            text: isOwn(
              `the source itself defines that of the stream ${name} (${ownKey.map((path) => path.join(".")).join(", ")})`,
            ),
          },
        ]
      : []),
  ];
}

/**
 * A cursor or a key that is written for a stream or a pattern whose own mode has no use for it. One that it has from
 * `streamDefaults`, or a pattern, is for the others.
 *
 * @param checked what is known of the stream that an entry names
 */
export function unusedSettings(
  { streams = [], streamSelection, streamDefaults = {} }: ConnectionInputs,
  checked: (index: number) => Checked | undefined = () => undefined,
): Issue[] {
  // Without patterns the entries are resolved already, so what equals the default may be inherited.
  return (streamSelection ?? streams).flatMap((entry, index): Issue[] => {
    const syncMode = entry.syncMode ?? streamDefaults.syncMode;
    const inherits = entry.syncMode === undefined && (streamSelection ?? []).some(isPattern);
    const unused = (["cursorField", "primaryKey"] as const).filter(
      (key) => entry[key]?.length && !isUsed(key, syncMode) && !same(entry[key], streamDefaults[key]),
    );
    const { offered, isImpossible } = checked(index) ?? {};
    if (inherits || unused.length === 0 || isImpossible) return [];
    const mode = syncMode ?? "full_refresh_overwrite, Airbyte's default,";
    const other = hasUse(unused, offered) ? ", or choose another mode" : "";
    const it = unused.length === 1 ? "it" : "them";
    return [
      {
        path: ["streams", index, ...(unused.length === 1 ? unused : [])],
        text: `syncMode ${mode} of the stream ${shownName(entry)} has no use for ${unused.join(" and ")}, so Airbyte goes without; leave ${it} out${other}`,
      },
    ];
  });
}

/** Whether another mode would take them: one that is possible, and where the source has none of its own. */
function hasUse(settings: readonly ("cursorField" | "primaryKey")[], offered: DiscoveredStream | undefined): boolean {
  if (!offered) return true;
  const { syncModes, sourceDefinedCursorField, sourceDefinedPrimaryKey } = offered;
  return settings.every((setting) => {
    const isDefined = setting === "cursorField" ? sourceDefinedCursorField : (sourceDefinedPrimaryKey?.length ?? 0) > 0;
    return !isDefined && (!syncModes || [...syncModes, ...ALWAYS_TAKEN].some((mode) => isUsed(setting, mode)));
  });
}
