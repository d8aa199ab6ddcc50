import { didYouMean } from "../../../../errors/nearest.ts";
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

export function isPattern({ name }: StreamInputs): boolean {
  return name.startsWith("!") || /[*?]/.test(name);
}

/**
 * The streams that are meant, each with its settings: the defaults, then those of every pattern that it matches, in
 * their order, then those of the entry with its own name. What `!` leaves out can still be named.
 */
export function selectStreams(
  entries: readonly StreamInputs[],
  defaults: Partial<StreamInputs>,
  offered: readonly OfferedStream[],
): StreamInputs[] {
  const named = entries.filter((entry) => !isPattern(entry));
  const patterns = entries.filter(isPattern);
  const left = patterns.filter(({ name }) => name.startsWith("!")).map(({ name }) => matcher(name.slice(1)));
  const taken = patterns
    .filter(({ name }) => !name.startsWith("!"))
    .map((settings) => ({ settings, matches: matcher(settings.name) }));
  const settingsFor = (stream: OfferedStream) =>
    taken.filter(({ matches }) => matches(stream)).map(({ settings }) => settings);

  const matched = offered.flatMap((stream): StreamInputs[] => {
    if (named.some((entry) => isNamed(entry, stream)) || left.some((matches) => matches(stream))) return [];
    const settings = settingsFor(stream);
    return settings.length === 0 ? [] : [Object.assign({}, defaults, ...settings, stream) as StreamInputs];
  });
  // The entry's own settings, its name too, come over those of the patterns.
  const own = named.map((entry) => Object.assign({}, defaults, ...settingsFor(entry), entry) as StreamInputs);
  return [...own, ...matched];
}

/** Sentences about patterns that choose nothing. */
export function patternMistakes(entries: readonly StreamInputs[], offered: readonly OfferedStream[]): string[] {
  return entries
    .filter((entry) => isPattern(entry) && !entry.name.startsWith("!"))
    .filter(({ name }) => !offered.some(matcher(name)))
    .map(({ name }) => `streams: the pattern "${name}" matches no stream of the source${offer(name, offered)}`);
}

function offer(name: string, offered: readonly OfferedStream[]): string {
  const wanted = name.replace(/[*?]/g, "");
  return didYouMean(wanted === "" ? name : wanted, offered.map(fullName));
}

export function fullName({ name, namespace }: OfferedStream): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

function isNamed(entry: StreamInputs, stream: OfferedStream): boolean {
  return entry.name === stream.name && (entry.namespace === undefined || entry.namespace === (stream.namespace ?? ""));
}

// A pattern is for the name, or for namespace and name with a dot between: stream names may hold dots themselves.
function matcher(pattern: string): (stream: OfferedStream) => boolean {
  return (stream) => matchesWildcards(pattern, stream.name) || matchesWildcards(pattern, fullName(stream));
}
