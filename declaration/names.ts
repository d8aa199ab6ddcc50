import { collect } from "./entries.ts";
import { readFiles } from "./files.ts";
import { sections } from "../providers/airbyte/kinds/names.ts";
import { Mistakes } from "./mistakes.ts";
import { parseReferences } from "./references.ts";
import { isMap, mapStrings } from "./walk.ts";

/** Names of values of the stack that the pipelines use, each list sorted. */
export interface ReferencedNames {
  /** `${secret:NAME}` */
  secrets: string[];
  /** `${config:NAME}`, and the forms of it for numbers and booleans. */
  values: string[];
}

/**
 * What the pipelines want of the stack's configuration. Quick: the Pulumi SDK isn't loaded. Mistakes beyond reading and parsing the
 * files don't matter here; the program itself reports them.
 *
 * @throws ConfigurationError when a file can't be read or isn't valid YAML
 */
export function referencedNames(projectDir: string, mainFile = "pipelines.yaml"): ReferencedNames {
  const mistakes = new Mistakes();
  const files = readFiles(projectDir, mainFile, mistakes);
  mistakes.throwIfAny();

  const names = { secrets: new Set<string>(), values: new Set<string>() };
  const { entries, defaults } = collect(files, mistakes);
  const everything = [...sections.flatMap((section) => [...entries[section].values()]), ...Object.values(defaults)];
  for (const { value } of everything) {
    mapStrings(value, [], (text) => {
      for (const part of parseReferences(text, () => undefined)) {
        if ("kind" in part) names[part.kind === "secret" ? "secrets" : "values"].add(part.name);
      }
      return text;
    });
  }
  return { secrets: [...names.secrets].sort(), values: [...names.values].sort() };
}

/** The names of all stack secrets that the pipelines use, sorted. */
export function secretNames(projectDir: string, mainFile?: string): string[] {
  return referencedNames(projectDir, mainFile).secrets;
}

/** The connectors that the pipelines use, as they name them: by `connector` or by `definitionId`. */
export interface ConnectorNames {
  sources: string[];
  destinations: string[];
  /** Whether there are low-code manifests. */
  manifests: boolean;
}

/** Quick: the Pulumi SDK isn't loaded. Mistakes don't matter here; the program itself reports them. */
export function connectorNames(projectDir: string, mainFile = "pipelines.yaml"): ConnectorNames {
  const mistakes = new Mistakes();
  const { entries, defaults } = collect(readFiles(projectDir, mainFile, mistakes), mistakes);
  const named = (kind: "sources" | "destinations") => {
    const values = [...entries[kind].values(), ...(defaults[kind] ? [defaults[kind]] : [])].map(({ value }) => value);
    const names = values.flatMap((value) => (isMap(value) ? [value.connector, value.definitionId] : []));
    return [...new Set(names.filter((name) => typeof name === "string"))];
  };
  return {
    sources: named("sources"),
    destinations: named("destinations"),
    manifests: entries.declarativeSourceDefinitions.size > 0,
  };
}
