import { descriptionOf } from "../providers/airbyte/kinds/descriptions.ts";
import { sections, type Section } from "../providers/airbyte/kinds/names.ts";
import { positionOf, type Written } from "./entries.ts";
import type { Declarations } from "./schema.ts";

type Declared = Record<string, { renamedFrom?: string[]; name?: string }>;

/** Checks that each earlier name (`renamedFrom`) is free, belongs to one entry alone, and can be followed. */
export function checkRenames(
  declarations: Declarations,
  written: Written,
  report: (section: Section, name: string, path: readonly PropertyKey[], text: string) => void,
): void {
  for (const section of sections) {
    const taken = new Map<string, string>();
    for (const [name, { renamedFrom = [], name: shown }] of Object.entries(declarations[section] as Declared)) {
      const fail = (text: string) => {
        report(section, name, ["renamedFrom"], text);
      };
      for (const old of new Set(renamedFrom)) {
        const first = written.entries[section].get(old);
        const other = taken.get(old);
        if (old === name) fail("this is the entry's own name; give the one that it had before");
        else if (first) {
          const { file, line = 1 } = positionOf(first, undefined, []);
          fail(`"${old}" is still declared, in ${file}:${line}; take that entry away, or this`);
        } else if (other !== undefined) fail(`"${other}" is renamed from "${old}" too; one entry alone can be`);
        taken.set(old, name);
      }
      const isFixed = descriptionOf(section).fields.name?.replaceOnChange;
      if (isFixed && renamedFrom.length > 0 && shown === undefined) {
        fail(
          `Airbyte can't change the name of this kind: give the one that it has there too, such as name: ${JSON.stringify(renamedFrom[0])}`,
        );
      }
    }
  }
}
