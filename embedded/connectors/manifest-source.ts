import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Connector } from "./connector.ts";
import { programSource, type ProgramSource } from "./program-source.ts";
import { manifestRunner } from "./published.ts";
import { ConnectorFailure } from "./protocol/failure.ts";

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
  if (Array.isArray(value)) return first(value);
  if (!isObject(value)) return undefined;
  const name = value.class_name;
  if (typeof name === "string") return name;
  if (isObject(name) && typeof name.$ref === "string") return name.$ref;
  return first(Object.values(value));
}

function first(values: Json[]): string | undefined {
  for (const value of values) {
    const found = customCode(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
