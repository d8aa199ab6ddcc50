import { didYouMean } from "../../../../errors/nearest.ts";
import type { Issue } from "../../../../errors/zod-issues.ts";
import type { DiscoveredStream } from "../../api/types.ts";
import { isObject } from "../../lifecycle/canonical.ts";
import type { StreamInputs } from "./streams.ts";

/**
 * Whether a text matches a pattern of `*` (any characters, or none) and `?` (one), in a time that grows with the product of their lengths.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let [at, next] = [0, 0];
  // Where the last star stands, and up to where it has taken the text: only that one is ever tried again.
  let [star, taken] = [-1, 0];
  while (at < text.length) {
    if (pattern[next] === "*") [star, taken] = [next++, at];
    else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === text[at]))
      [at, next] = [at + 1, next + 1];
    else if (star >= 0) [at, next] = [++taken, star + 1];
    else return false;
  }
  while (pattern[next] === "*") next += 1;
  return next === pattern.length;
}

// Which streams a connection takes may be said by patterns. They are resolved against what the source offers, and the
// state keeps both: the resolved streams, which a preview shows one by one, and the patterns, which a refresh needs.

/** A stream by its name, or a pattern: `public.*`, `orders_?`, and `!*_tmp` for those to leave out. */
export type StreamEntry = string | StreamInputs;

/** A stream that a source offers, as the state remembers it. */
export interface OfferedStream {
  name: string;
  namespace?: string;
}

export function offeredStreams(discovered: readonly DiscoveredStream[]): OfferedStream[] {
  return discovered.map(({ streamName, streamnamespace }) =>
    streamnamespace ? { name: streamName, namespace: streamnamespace } : { name: streamName },
  );
}

/** The entries as maps; undefined where they are not known yet, or no list. */
export function asStreams(entries: unknown): StreamInputs[] | undefined {
  if (!Array.isArray(entries)) return undefined;
  const maps = entries.map((entry: unknown) => (typeof entry === "string" ? { name: entry } : entry));
  return maps.every((entry): entry is StreamInputs => isObject(entry) && typeof entry.name === "string")
    ? maps
    : undefined;
}

export function isPattern({ name, namespace }: OfferedStream): boolean {
  return name.startsWith("!") || /[*?]/.test(name) || /[*?]/.test(namespace ?? "");
}

/** A stream that is meant, with the entries whose settings it has, by their places: patterns first, its own last. */
export interface SelectedStream {
  stream: StreamInputs;
  from: readonly number[];
}

/** The streams that are meant, each with its settings. */
export function selectStreams(
  entries: readonly StreamInputs[],
  defaults: Partial<StreamInputs>,
  offered: readonly OfferedStream[],
): StreamInputs[] {
  return select(entries, defaults, offered).map(({ stream }) => stream);
}

/**
 * The streams that are meant, each with its settings: the defaults, then those of every pattern that it matches, in
 * their order, then those of the entry with its own name. What `!` leaves out can still be named.
 */
export function select(
  entries: readonly StreamInputs[],
  defaults: Partial<StreamInputs>,
  offered: readonly OfferedStream[],
): SelectedStream[] {
  const placed = entries.map((entry, index) => ({ entry, index, matches: matcher(entry) }));
  const named = placed
    .filter(({ entry }) => !isPattern(entry))
    .map(({ entry, index }) => ({ entry: asOffered(entry, offered), index }));
  const patterns = placed.filter(({ entry }) => isPattern(entry));
  const left = patterns.filter(({ entry }) => entry.name.startsWith("!"));
  const taken = patterns.filter(({ entry }) => !entry.name.startsWith("!"));
  const patternsFor = (stream: OfferedStream) => taken.filter(({ matches }) => matches(stream));

  // The entry's own settings, its name too, come over those of the patterns.
  const own = named.map(({ entry, index }): SelectedStream => {
    const found = patternsFor(entry);
    const stream = Object.assign({}, defaults, ...found.map(settingsOf), entry) as StreamInputs;
    return { stream, from: [...found.map((pattern) => pattern.index), index] };
  });
  const matched = offered.flatMap((offer): SelectedStream[] => {
    if (named.some(({ entry }) => isNamed(entry, offer)) || left.some(({ matches }) => matches(offer))) return [];
    const found = patternsFor(offer);
    if (found.length === 0) return [];
    const stream = Object.assign({}, defaults, ...found.map(settingsOf), offer) as StreamInputs;
    return [{ stream, from: found.map(({ index }) => index) }];
  });
  return [...own, ...matched];
}

/** Patterns that choose nothing. */
export function patternIssues(entries: readonly StreamInputs[], offered: readonly OfferedStream[]): Issue[] {
  return entries.flatMap((entry, index): Issue[] => {
    if (!isPattern(entry) || entry.name.startsWith("!") || offered.some(matcher(entry))) return [];
    const name = fullName(entry);
    return [
      {
        path: ["streams", index],
        text: `the pattern ${JSON.stringify(name)} matches no stream of the source${offer(name, offered)}`,
      },
    ];
  });
}

function offer(name: string, offered: readonly OfferedStream[]): string {
  const wanted = name.replace(/[*?]/g, "");
  return didYouMean(wanted === "" ? name : wanted, shownNames(offered, wanted));
}

export function fullName({ name, namespace }: OfferedStream): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

/** What streams are listed as: by name, with the namespace where several share it, or where it is asked for. */
export function shownNames(offered: readonly OfferedStream[], asked: string): string[] {
  const names = offered.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const shown = (stream: OfferedStream) =>
    asked.includes(".") || repeated.has(stream.name) ? fullName(stream) : stream.name;
  return [...new Set(offered.map(shown))];
}

/** The offered streams that `namespace.name` may mean, where none has that for its own name. */
export function meantByFullName(entry: StreamInputs, offered: readonly OfferedStream[]): OfferedStream[] {
  if (entry.namespace !== undefined || offered.some(({ name }) => name === entry.name)) return [];
  return offered.filter((stream) => fullName(stream) === entry.name);
}

// As patterns are, a single stream may be named with its namespace in front.
function asOffered(entry: StreamInputs, offered: readonly OfferedStream[]): StreamInputs {
  const [found, ...others] = meantByFullName(entry, offered);
  return found && others.length === 0 ? { ...entry, ...found } : entry;
}

function isNamed(entry: StreamInputs, stream: OfferedStream): boolean {
  return entry.name === stream.name && (entry.namespace === undefined || entry.namespace === (stream.namespace ?? ""));
}

function settingsOf({ entry }: { entry: StreamInputs }): Partial<StreamInputs> {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => key !== "name" && key !== "namespace"));
}

// A pattern is for the name, or for namespace and name with a dot between: stream names may hold dots themselves.
function matcher({ name, namespace }: StreamInputs): (stream: OfferedStream) => boolean {
  const wanted = name.replace(/^!/, "");
  return (stream) =>
    (namespace === undefined || matchesWildcards(namespace, stream.namespace ?? "")) &&
    (matchesWildcards(wanted, stream.name) || matchesWildcards(wanted, fullName(stream)));
}
