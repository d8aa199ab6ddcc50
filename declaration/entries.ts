import { didYouMean } from "../errors/nearest.ts";
import { Room, lengthOf, sizeOf, type YamlFile } from "./document.ts";
import { ofEachSection, sections, type Section } from "../providers/airbyte/kinds/names.ts";
import type { Mistakes, Position } from "./mistakes.ts";
import { expand } from "./template.ts";
import { isMap } from "./walk.ts";
import type { Path } from "./walk.ts";

/** A value in a file, with the place it stands in. */
export interface Placed {
  file: YamlFile;
  path: Path;
  value: unknown;
}

/** A declaration as written, its template filled in, before defaults and references. */
export interface Entry extends Placed {
  section: Section;
  /** Logical name. */
  name: string;
}

/** All files together. */
export interface Written {
  /** By logical name. */
  entries: Record<Section, Map<string, Entry>>;
  defaults: Partial<Record<Section, Placed>>;
  /** Sections of which an entry is missing because its template has a mistake; references to them can't be judged. */
  incomplete: Set<Section>;
  /** For further entries. */
  room: Room;
}

/** Every table of pulumi's, Airbyte's and ours shows the name; it is part of the URN too. */
const maxNameLength = 100;

const topLevelKeys = ["defaults", ...sections];

/** Merges the files' entries; unknown top-level keys, mistaken templates, names and defaults given twice are reported. */
export function collect(files: readonly YamlFile[], mistakes: Mistakes): Written {
  const written: Written = {
    entries: ofEachSection(() => new Map<string, Entry>()),
    defaults: {},
    incomplete: new Set(),
    room: new Room(),
  };
  for (const file of files) collectDefaults(file, written, mistakes);
  for (const file of files) {
    for (const key of unknownKeys(file.data, topLevelKeys)) {
      mistakes.add(file.near([key]), [key], `unknown key${didYouMean(key, topLevelKeys)}`);
    }
    checkKeys(file, file.data, [], mistakes);
    for (const section of sections) {
      for (const [name, value] of Object.entries(mapAt(file, [section], mistakes))) {
        collectEntry({ section, name, file, path: [section, name], value }, written, mistakes);
      }
    }
  }
  return written;
}

/** Where the value at `path` inside an entry stands: in the entry itself, or in the defaults under it. */
export function positionOf(entry: Placed, defaults: Placed | undefined, path: readonly PropertyKey[]): Position {
  return (
    entry.file.find([...entry.path, ...path]) ??
    (path.length > 0 ? defaults?.file.find([...defaults.path, ...path]) : undefined) ??
    entry.file.near([...entry.path, ...path])
  );
}

/** The same of the value as it is written there. */
export function writtenAt(
  entry: Placed,
  defaults: Placed | undefined,
  path: readonly PropertyKey[],
): string | undefined {
  return entry.file.written([...entry.path, ...path]) ?? defaults?.file.written([...defaults.path, ...path]);
}

function collectEntry(entry: Entry, written: Written, mistakes: Mistakes): void {
  const { section, file, path } = entry;
  const { room } = written;
  if (room.isFull) return; // and that is reported
  const ofDefaults = sizeOf(written.defaults[section]?.value);
  const take = (size: number) => room.take(size + ofDefaults);
  const copies = expand(entry.name, entry.value, take, (inner, text) => {
    mistakes.add(file.near([...path, ...inner]), [...path, ...inner], text);
  });
  if (!copies) written.incomplete.add(section);
  for (const { name, value } of copies ?? []) {
    const mistake = nameMistake(name, written.entries[section].get(name));
    if (mistake !== undefined) mistakes.add(file.near(path), [section, name], mistake);
    else written.entries[section].set(name, { ...entry, name, value });
  }
}

function nameMistake(name: string, first: Entry | undefined): string | undefined {
  if (first) {
    const other = first.file.near(first.path);
    const where = `${other.file}:${other.line ?? 1}`;
    return `the name "${name}" is already taken, in ${where}; names are unique in a kind`;
  }
  if (/::|\p{Cc}/u.test(name) || name.trim() === "")
    return "a name can't be empty, and can't hold :: or control characters";
  if (name === "__proto__") return "the name __proto__ is not allowed"; // as in a key
  const found = lengthOf(name);
  return found > maxNameLength ? `a name has at most ${maxNameLength} characters; found ${found}` : undefined;
}

function collectDefaults(file: YamlFile, written: Written, mistakes: Mistakes): void {
  const defaults = mapAt(file, ["defaults"], mistakes);
  for (const key of unknownKeys(defaults, sections)) {
    mistakes.add(file.near(["defaults", key]), ["defaults", key], `unknown key${didYouMean(key, sections)}`);
  }
  for (const section of sections) {
    const path = ["defaults", section];
    if (!Object.hasOwn(defaults, section) || defaults[section] === null) continue;
    const first = written.defaults[section];
    if (first) {
      mistakes.add(
        file.near(path),
        path,
        `the defaults of ${section} are already set, in ${first.file.file}; set them once`,
      );
    } else {
      written.defaults[section] = { file, path, value: mapAt(file, path, mistakes) };
    }
  }
}

/** The map at `path`, empty where there is nothing; anything else is reported. */
function mapAt(file: YamlFile, path: Path, mistakes: Mistakes): Record<string, unknown> {
  let value: unknown = file.data;
  for (const step of path) value = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  if (isMap(value)) return value;
  if (value !== undefined && value !== null) {
    mistakes.add(file.near(path), path, `expected a map; found ${Array.isArray(value) ? "a list" : "a single value"}`);
  }
  return {};
}

function unknownKeys(map: Record<string, unknown>, known: readonly string[]): string[] {
  return Object.keys(map).filter((key) => !known.includes(key));
}

/** References work in values only; in a key they would silently stay what they are. The one exception is an entry's own name. */
function checkKeys(file: YamlFile, value: unknown, path: Path, mistakes: Mistakes): void {
  if (Array.isArray(value)) value.forEach((item, index) => checkKeys(file, item, [...path, index], mistakes));
  if (!isMap(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, key];
    const isName = path.length === 1 && path[0] !== "defaults";
    if (key.includes("${") && !isName) {
      mistakes.add(file.near(here), here, "a key can't hold ${…}; references work in values only");
    }
    checkKeys(file, inner, here, mistakes);
  }
}
