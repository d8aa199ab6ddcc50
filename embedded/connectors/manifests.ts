import { firstFound, isObject, type Json, type JsonObject } from "../json.ts";
import { ConnectorFailure, type Connector, type DiscoveredStream } from "./connector.ts";
import { programSource, type ProgramSource } from "./program-source.ts";
import { manifestRunner } from "./published.ts";
import { openStream } from "./simulated.ts";

/** A low-code manifest, run by Airbyte's own runner. Its spec is in the manifest. */
export function manifestSource(
  manifest: JsonObject,
  spec: Connector["spec"],
  { programs, log }: Pick<ProgramSource, "programs" | "log">,
): Pick<Connector, "check" | "discover" | "read"> {
  const { program } = manifestRunner;
  return programSource({
    environment: program,
    program,
    programs,
    log,
    specification: async () => (await spec()).connectionSpecification,
    prepare: (configuration) => {
      const custom = customCode(manifest);
      if (custom !== undefined) {
        throw new ConnectorFailure(
          `The manifest needs Python code of its own (${custom}), and that is not run here: ` +
            "whoever writes a manifest would have this machine. Use the components of the low-code language.",
          "config_error",
        );
      }
      return { ...configuration, __injected_declarative_manifest: manifest };
    },
  });
}

/**
 * The first class that the manifest names by itself, or says by a reference where to find the name. The runner refuses
 * them all as well, those of Airbyte's own library too, and also where a class is named while it runs; this says it in
 * words that help.
 */
function customCode(value: Json): string | undefined {
  if (Array.isArray(value)) return firstFound(value, customCode);
  if (!isObject(value)) return undefined;
  const name = value.class_name;
  if (typeof name === "string") return name;
  if (isObject(name) && typeof name.$ref === "string") return name.$ref;
  return firstFound(Object.values(value), customCode);
}

/**
 * The streams that a low-code manifest describes, for where it isn't run: with the schema, the key and the cursor that
 * it defines. The connector builder exports streams and schemas as
 * references, `{$ref: "#/definitions/streams/people"}`.
 */
export function manifestStreams(manifest: JsonObject): DiscoveredStream[] {
  const follow = (value: Json | undefined) => resolved(manifest, value);
  const streams = Array.isArray(manifest.streams) ? manifest.streams.map(follow).filter(isObject) : [];
  return streams.flatMap((stream) => {
    const { name, type = "DeclarativeStream" } = stream;
    if (typeof name !== "string") return [];
    if (type !== "DeclarativeStream") return openStream(name);
    const loader = follow(stream.schema_loader);
    const schema = isObject(loader) ? follow(loader.schema) : undefined;
    const incremental = follow(stream.incremental_sync);
    const cursor = isObject(incremental) ? follow(incremental.cursor_field) : undefined;
    const key = keyOf(follow(stream.primary_key));
    // A template has a value in a run only.
    const isKnown = typeof cursor === "string" && !cursor.includes("{{");
    return {
      name,
      jsonSchema: isObject(schema) ? schema : openStream(name).jsonSchema,
      supportedSyncModes: isObject(incremental) ? ["full_refresh", "incremental"] : ["full_refresh"],
      ...(key.length > 0 ? { sourceDefinedPrimaryKey: key } : {}),
      ...(isObject(incremental) ? { sourceDefinedCursor: true, defaultCursorField: isKnown ? [cursor] : [] } : {}),
    };
  });
}

/** `id`, `[id, day]` or `[[id], [day]]`. */
function keyOf(given: Json | undefined): string[][] {
  const paths = (Array.isArray(given) ? given : [given]).map((path) => (Array.isArray(path) ? path : [path]));
  return paths.filter((path): path is string[] => path.every((step) => typeof step === "string" && step !== ""));
}

/** What a reference stands for; what stands beside it counts for more, as in Airbyte's own resolver. */
function resolved(manifest: JsonObject, value: Json | undefined, depth = 0): Json | undefined {
  const { $ref, ...beside } = isObject(value) ? value : { $ref: value };
  if (typeof $ref !== "string" || !$ref.startsWith("#/") || depth > 20) return value;
  const found = $ref
    .slice(2)
    .split("/")
    .reduce<Json | undefined>((inside, step) => (isObject(inside) ? inside[step] : undefined), manifest);
  const target = resolved(manifest, found, depth + 1);
  return isObject(target) ? { ...target, ...beside } : target;
}
