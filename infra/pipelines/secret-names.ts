import { collect } from "./entries.ts";
import { readFiles } from "./files.ts";
import { kindNames } from "./kinds.ts";
import { Mistakes } from "./mistakes.ts";
import { parseReferences } from "./references.ts";
import { mapStrings } from "./walk.ts";

/**
 * The names of all stack secrets that the pipelines use (`${secret:NAME}`), sorted. Quick: the Pulumi SDK isn't loaded.
 * Mistakes beyond reading and parsing the files don't matter here; the program itself reports them.
 *
 * @throws ConfigurationError when a file can't be read or isn't valid YAML
 */
export function secretNames(projectDir: string, mainFile = "pipelines.yaml"): string[] {
  const mistakes = new Mistakes();
  const files = readFiles(projectDir, mainFile, mistakes);
  mistakes.throwIfAny();

  const names = new Set<string>();
  const { entries, defaults } = collect(files, mistakes);
  const everything = [...kindNames.flatMap((kind) => [...entries[kind].values()]), ...Object.values(defaults)];
  for (const { value } of everything) {
    mapStrings(value, [], (text) => {
      const parts = parseReferences(text, () => undefined);
      for (const part of parts) if ("kind" in part && part.kind === "secret") names.add(part.name);
      return text;
    });
  }
  return [...names].sort();
}
