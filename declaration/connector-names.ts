import { collect } from "./entries.ts";
import { readFiles } from "./files.ts";
import { Mistakes } from "./mistakes.ts";
import { isMap } from "./walk.ts";

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
