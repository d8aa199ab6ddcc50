import { AirbyteError } from "../../api/errors.ts";
import type { DiscoveredStream, JsonObject, Stream } from "../../api/types.ts";
import { UserError } from "../../../../errors/user-error.ts";
import { issueInWords, type Issue } from "../../../../errors/zod-issues.ts";
import { isObject, same, UNKNOWN } from "../../lifecycle/canonical.ts";
import type { ConnectionInputs } from "./view.ts";
import type { Examination, Context } from "../../lifecycle/handler.ts";
import { revealed } from "./mappers.ts";
import { streamIssues, unusedSettings } from "./stream-issues.ts";
import { asStreams, isPattern, offeredStreams, selectStreams } from "./stream-selection.ts";
import { canonicalStreams, counterpart, withUndeclared, type StreamInputs } from "./streams.ts";

/** The streams of a connection in the state's form: resolved, as far as that goes without asking the source. */
export function prepareStreams(news: ConnectionInputs, before?: ConnectionInputs): Partial<ConnectionInputs> {
  const entries = declaredStreams(news);
  if (!entries) return {};
  const defaults = isObject(news.streamDefaults) ? news.streamDefaults : {};
  const ofSameSource = before?.sourceId === news.sourceId ? before : undefined;
  // What `namespace.name` stands for, the state knows.
  if (!entries.some(isPattern)) return { streams: selectStreams(entries, defaults, ofSameSource?.streams ?? []) };
  const offered = ofSameSource?.offeredStreams;
  if (!offered) return { streams: entries, streamSelection: entries };
  return {
    streams: selectStreams(entries, defaults, offered),
    streamSelection: entries,
    offeredStreams: offered,
  };
}

// Settings for all streams mean all of them where none is named; and so do patterns that only leave some out.
function declaredStreams({ streams, streamDefaults }: ConnectionInputs): StreamInputs[] | undefined {
  if (streams === undefined) return streamDefaults === undefined ? undefined : [{ name: "*" }];
  const entries = asStreams(streams);
  return entries?.every(({ name }) => name.startsWith("!")) ? [{ name: "*" }, ...entries] : entries;
}

/** What the source itself says of new and changed streams: mistakes, and what patterns stand for. */
export async function examineStreams(
  inputs: ConnectionInputs,
  context: Context,
  before?: ConnectionInputs,
): Promise<Examination<ConnectionInputs>> {
  const { streams, streamSelection, offeredStreams: known, sourceId, destinationId } = inputs;
  if (!Array.isArray(streams)) return { mistakes: [], warnings: [] };
  // They make no difference, so what is new about them shows here alone.
  const nothing = told({ warnings: before && same(before.streams, streams) ? [] : unusedSettings(inputs) });
  const unchanged = before && same(canonicalStreams(before.streams), canonicalStreams(streams));
  if (sourceId === UNKNOWN || (unchanged && (!streamSelection || known))) return nothing;
  try {
    return told(streamIssues(inputs, await context.discovery.streams(sourceId, destinationId)));
  } catch (error) {
    if (!(error instanceof AirbyteError) || error.code !== "refused") throw error;
    return { ...nothing, notes: [`has its streams unchecked: the source can't tell them now: ${error.serverMessage}`] };
  }
}

interface Told {
  issues?: Issue[];
  warnings: Issue[];
  completed?: Partial<ConnectionInputs>;
}

function told({ issues = [], warnings, completed }: Told): Examination<ConnectionInputs> {
  return {
    mistakes: issues,
    warnings: warnings.map(issueInWords),
    ...(completed ? { completed } : {}),
  };
}

/**
 * The inputs with their patterns resolved, where a check could not do it.
 *
 * @param before undefined for a creation
 */
export async function resolvedStreams(
  inputs: ConnectionInputs,
  context: Context,
  before?: ConnectionInputs,
): Promise<ConnectionInputs> {
  const { streams = [], streamSelection, offeredStreams: known, sourceId, destinationId } = inputs;
  const mayHoldNamespaces = streams.some(({ name, namespace }) => namespace === undefined && name.includes("."));
  const isResolved = streamSelection ? known : !mayHoldNamespaces || same(before?.streams, streams);
  if (isResolved) return inputs;
  const { issues, completed } = streamIssues(inputs, await context.discovery.streams(sourceId, destinationId));
  if (issues.length > 0) throw new UserError(`connection "${inputs.name}": ${issues.map(issueInWords).join("; ")}`);
  return { ...inputs, ...completed };
}

/**
 * Streams must always be said: left to itself, Airbyte may select none (it takes the connector's suggestion only).
 *
 * @param there of a connection that is there already: its streams, and what was declared of them last
 */
export async function streamsToSend(
  { streams, sourceId, destinationId, mapperSecrets }: ConnectionInputs,
  { discovery }: Context,
  there: { actual: readonly Stream[]; before?: readonly StreamInputs[] | undefined } = { actual: [] },
): Promise<{ streams: JsonObject[] }> {
  const sent: StreamInputs[] = streams?.length
    ? revealed(streams, mapperSecrets)
    : offeredStreams(await discovery.streams(sourceId, destinationId)).map((stream) => ({ ...stream }));
  const { actual, before = [] } = there;
  const whole = sent.map((stream) => withUndeclared(stream, counterpart(stream, before), counterpart(stream, actual)));
  const hasKept = whole.some((stream, index) =>
    OWN.some((key) => stream[key] !== undefined && sent[index]?.[key] === undefined),
  );
  if (!hasKept) return { streams: whole as JsonObject[] };
  // What the source defines itself is filled in on the server, and refused where it has become another.
  const offered = await discovery.streams(sourceId, destinationId).catch(() => undefined);
  const kept = whole.map((stream, index) => withoutOwnKeys(stream, sent[index]!, offered));
  return { streams: kept as JsonObject[] };
}

const OWN = ["cursorField", "primaryKey"] as const;

/** A stream without the cursor and key that only the server has said, where they are the source's own, or nobody can tell. */
function withoutOwnKeys(
  stream: StreamInputs,
  declared: StreamInputs,
  discovered: readonly DiscoveredStream[] | undefined,
): StreamInputs {
  const offered = discovered?.find(({ streamName }) => streamName === stream.name);
  const isOwn = {
    cursorField: !offered || offered.sourceDefinedCursorField === true,
    primaryKey: !offered || (offered.sourceDefinedPrimaryKey?.length ?? 0) > 0,
  };
  const dropped = OWN.filter((key) => declared[key] === undefined && isOwn[key]);
  return Object.fromEntries(
    Object.entries(stream).filter(([key]) => !dropped.some((one) => one === key)),
  ) as StreamInputs;
}

/**
 * What only the source can say of a connection that was read: the streams that have appeared under a pattern since, and
 * keys and cursors that it defines itself, which are no difference whatever they have become.
 */
export async function seenWithSource(
  declared: ConnectionInputs,
  read: ConnectionInputs,
  context: Context,
): Promise<ConnectionInputs> {
  const { discovery } = context;
  const { streamSelection, sourceId, destinationId } = declared;
  const before = new Map(declared.streams?.map((stream) => [keyOf(stream), stream]));
  const differs = (stream: StreamInputs) => {
    const was = before.get(keyOf(stream));
    return was !== undefined && !(same(was.cursorField, stream.cursorField) && same(was.primaryKey, stream.primaryKey));
  };
  const moved = read.streams?.some(differs) ?? false;
  if (!streamSelection && !moved) return read;
  try {
    const discovered = await (streamSelection
      ? discovery.afresh(sourceId, destinationId)
      : discovery.streams(sourceId, destinationId));
    const streams = read.streams?.map((stream) => {
      return differs(stream) ? withOwnKeys(stream, before.get(keyOf(stream)), discovered) : stream;
    });
    return {
      ...read,
      ...(streams ? { streams } : {}),
      ...(streamSelection ? { offeredStreams: offeredStreams(discovered) } : {}),
    };
  } catch (error) {
    const reason = error instanceof AirbyteError ? error.serverMessage : String(error);
    context.log(
      `warning: connection "${read.name}": which streams its source offers can't be found out now: ${reason}`,
    );
    return read;
  }
}

function withOwnKeys(
  stream: StreamInputs,
  was: StreamInputs | undefined,
  discovered: readonly DiscoveredStream[],
): StreamInputs {
  const offered = discovered.find(({ streamName }) => streamName === stream.name);
  const ownCursor = offered?.sourceDefinedCursorField === true && was?.cursorField !== undefined;
  const ownKey = (offered?.sourceDefinedPrimaryKey?.length ?? 0) > 0 && was?.primaryKey !== undefined;
  return {
    ...stream,
    ...(ownCursor ? { cursorField: was.cursorField! } : {}),
    ...(ownKey ? { primaryKey: was.primaryKey! } : {}),
  };
}

function keyOf({ name, namespace }: StreamInputs): string {
  return JSON.stringify([namespace ?? "", name]);
}
