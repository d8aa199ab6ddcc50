import { dirname, join, relative } from "node:path";
import { maxFileBytes } from "../../../declaration/document.ts";
import type { Declared, Entry } from "./model.ts";
import type { Names } from "./names.ts";
import { typescriptOf } from "./typescript.ts";
import { yamlOf, type Form } from "./yaml.ts";

/** What is written, and where to. */
export interface Adopted {
  declared: Declared;
  names: Names;
  /** The main one, relative to the project. */
  file: string;
}

export interface Text {
  /** Relative to the project. */
  file: string;
  text: string;
}

/** The files of a plan; more than one only where one would be larger than what is read. Which they are doesn't depend on the form. */
export function textsOf({ declared, names, file }: Adopted, form: Form): Text[] {
  const from = (place: string, path: string) => {
    const way = relative(dirname(place), path);
    return way.startsWith(".") ? way : `./${way}`;
  };
  const made = "Made by npm run adopt; yours from now on.";
  if (file.endsWith(".ts")) {
    const door = from(file, join("providers", "airbyte", "index.ts"));
    return [{ file, text: typescriptOf(declared, { form, head: `// ${made}`, door, names }) }];
  }
  return parts(declared.entries).map((entries, index) => {
    const place = index === 0 ? file : further(file, index + 1);
    const head = `# yaml-language-server: $schema=${from(place, "pipelines.schema.json")}\n# ${made}`;
    const leftOut = index === 0 ? declared.leftOut : [];
    return { file: place, text: yamlOf({ ...declared, entries, leftOut }, { form, head }) };
  });
}

/** `pipelines/adopted-2.yaml` beside `pipelines.yaml`, and beside `pipelines/shop.yaml` `pipelines/shop-2.yaml`. */
function further(file: string, number: number): string {
  const base = file.replace(/\.ya?ml$/, "");
  return dirname(file) === "." ? join(base, `adopted-${number}.yaml`) : `${base}-${number}.yaml`;
}

/** With room for what YAML adds to JSON: indentation, quotes, comments. */
const PART = maxFileBytes / 3;

function parts(entries: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [[]];
  let size = 0;
  for (const entry of entries) {
    const own = JSON.stringify(entry).length;
    if (size > 0 && size + own > PART) {
      all.push([]);
      size = 0;
    }
    size += own;
    all.at(-1)?.push(entry);
  }
  return all;
}
