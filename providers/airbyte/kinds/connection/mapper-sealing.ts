import * as pulumi from "@pulumi/pulumi";
import { isPlainMapperKey, placeholder } from "./mappers.ts";
import { isLate } from "../actor/sealing.ts";

interface Taken {
  /** What was taken out, by place. */
  secrets: Record<string, unknown>;
  /** The same, of what is known only later. */
  late: pulumi.Output<Record<string, unknown>>[];
  /** Names of streams that are taken as places. */
  places: Set<string>;
  /** Where a list is one Output, nobody can tell which of it was a secret; then every setting of its mappers is taken for one. */
  everything: boolean;
}

/**
 * Takes the secrets out of the mappers of streams, such as an encryption's key, and puts them into an input of its own,
 * `mapperSecrets`; placeholders stay in their places (see `mappers.ts`). A secret is every text or number under a key that
 * isn't known to be harmless, and every Output.
 */
export function sealMappers({
  streams,
  streamDefaults,
}: {
  streams?: unknown;
  streamDefaults?: unknown;
}): pulumi.Inputs {
  const taken = nothing(false);
  const result: pulumi.Inputs = {
    ...(streamDefaults === undefined
      ? {}
      : { streamDefaults: known(streamDefaults, taken, (value, into) => ofStream(value, "streamDefaults", into)) }),
    ...(streams === undefined ? {} : { streams: known(streams, taken, ofStreams) }),
  };
  const secrets = Object.entries(taken.secrets).map(([place, value]) => [place, pulumi.secret(value)] as const);
  if (taken.late.length > 0) {
    const all = pulumi.all([Object.fromEntries(secrets), ...taken.late]);
    result.mapperSecrets = pulumi.secret(all.apply((maps) => Object.assign({}, ...maps) as Record<string, unknown>));
  } else if (secrets.length > 0) result.mapperSecrets = Object.fromEntries(secrets);
  return result;
}

function nothing(everything: boolean): Taken {
  return { secrets: {}, late: [], places: new Set(), everything };
}

function known(value: unknown, taken: Taken, walk: (value: unknown, taken: Taken) => unknown): unknown {
  if (!isLate(value)) return walk(value, taken);
  const found = (pulumi.output(value as string) as pulumi.Output<unknown>).apply((plain) => {
    const inside = nothing(true);
    return { value: walk(plain, inside), secrets: inside.secrets };
  });
  taken.late.push(found.apply(({ secrets }) => secrets));
  return found.apply((both) => both.value);
}

function ofStreams(streams: unknown, taken: Taken): unknown {
  if (!Array.isArray(streams)) return streams;
  return streams.map((stream: unknown, index) =>
    known(stream, taken, (value, into) => ofStream(value, placeOf(value, isLate(stream) ? index : undefined), into)),
  );
}

// By name, so that a stream more or less moves no secret.
function placeOf(stream: unknown, index: number | undefined): string {
  if (!isMap(stream) || typeof stream.name !== "string" || index !== undefined) return `streams[${index ?? ""}]`;
  return typeof stream.namespace === "string" ? `${stream.namespace}.${stream.name}` : stream.name;
}

function ofStream(stream: unknown, wanted: string, taken: Taken): unknown {
  if (!isMap(stream) || stream.mappers === undefined) return stream;
  let place = wanted;
  for (let more = 2; taken.places.has(place); more++) place = `${wanted} (${more})`;
  taken.places.add(place);
  const { mappers } = stream;
  const at = `${place}.mappers`;
  if (!Array.isArray(mappers)) return { ...stream, mappers: ofValue(mappers, at, "", taken) };
  const sealed = mappers.map((mapper: unknown, index) => ofMapper(mapper, `${at}[${index}]`, taken));
  return { ...stream, mappers: sealed };
}

function ofMapper(mapper: unknown, place: string, taken: Taken): unknown {
  if (!isMap(mapper)) return ofValue(mapper, place, "", taken);
  const entries = Object.entries(mapper).map(([key, value]) => {
    if (key === "type" || key === "id" || key === "name") return [key, value];
    return [key, ofValue(value, key === "mapperConfiguration" ? place : `${place}.${key}`, key, taken)];
  });
  return Object.fromEntries(entries) as object;
}

function ofValue(value: unknown, place: string, key: string, taken: Taken): unknown {
  if (Array.isArray(value)) return value.map((item, index) => ofValue(item, `${place}[${index}]`, key, taken));
  if (isMap(value)) {
    const entries = Object.entries(value).map(([name, item]) => [name, ofValue(item, `${place}.${name}`, name, taken)]);
    return Object.fromEntries(entries) as object;
  }
  const mayBe = isLate(value) || typeof value === "string" || typeof value === "number";
  if (!mayBe || (!isLate(value) && !taken.everything && isPlainMapperKey(key))) return value;
  taken.secrets[place] = value;
  return placeholder(place);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLate(value);
}
