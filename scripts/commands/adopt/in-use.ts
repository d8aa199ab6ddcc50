import { join } from "node:path";
import { collect } from "../../../declaration/entries.ts";
import { readFiles } from "../../../declaration/files.ts";
import { classNameOf, kindOf, ofEachSection, sections, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { Mistakes } from "../../../declaration/mistakes.ts";
import { UserError } from "../../../errors/user-error.ts";
import { airbyteType, declaredName, type StateResource } from "../../stack/state-resources.ts";
import { Names } from "./names.ts";
import { folderOf } from "./output-file.ts";

function sectionOfResource(resource: StateResource): Section | undefined {
  const type = airbyteType(resource);
  return sections.find((section) => classNameOf(kindOf(section)) === type);
}

/** The workspace that the stack has found and kept. */
export function keptWorkspace(resources: readonly StateResource[]): string | undefined {
  return resources.find((resource) => airbyteType(resource) === "DefaultWorkspace")?.id;
}

/** What the stack has, by the names in the program. */
export function namesInState(resources: readonly StateResource[]): Names {
  const names = new Names();
  for (const resource of resources) {
    const kind = sectionOfResource(resource);
    if (kind !== undefined && resource.id !== undefined && !resource.external) {
      names.set(kind, resource.id, declaredName(resource));
    }
  }
  return names;
}

/**
 * Tells which names are in use: those of the state, and those of files that stay.
 *
 * @throws UserError where the file that is written declares what the state has: without it there, that would be deleted
 */
export function namesInUse(
  resources: readonly StateResource[],
  main: string,
  file: string,
): (kind: Section, name: string) => boolean {
  const used = ofEachSection(() => new Set<string>());
  for (const resource of resources) {
    const kind = sectionOfResource(resource);
    if (kind !== undefined) used[kind].add(declaredName(resource));
  }
  const mistakes = new Mistakes(); // The program itself reports them.
  const { entries } = collect(readFiles(process.cwd(), main, mistakes), mistakes);
  const ofAll = sections.flatMap((kind) => [...entries[kind].values()]);
  const lost = ofAll.filter(({ section, name, file: { file: place } }) => place === file && used[section].has(name));
  if (lost.length > 0) {
    const names = lost.slice(0, 5).map(({ name }) => name);
    throw new UserError(
      `${file} declares what this stack has (${names.join(", ")}${lost.length > names.length ? ", …" : ""}), so it isn't replaced.`,
      { next: `--out ${join(folderOf(main), "adopted.yaml")} for all that it hasn't yet.` },
    );
  }
  const stays = new Set(
    ofAll.filter((entry) => entry.file.file !== file).map(({ section, name }) => `${section} ${name}`),
  );
  return (kind, name) => used[kind].has(name) || stays.has(`${kind} ${name}`);
}
