// Objects that are found, what is declared for them, and their names.
import { isId } from "../../../declaration/links.ts";
import { isMap } from "../../../declaration/walk.ts";
import { inOrder } from "../../../providers/airbyte/kinds/descriptions.ts";
import { ofEachSection, sectionOf, singular, type Section } from "../../../providers/airbyte/kinds/names.ts";

/** A secret of the stack, in place of a value. */
export class Secret {
  /** What the stack's configuration calls it. */
  readonly name: string;
  /** undefined where Airbyte alone knows it, and shows a mask. */
  readonly value: string | undefined;

  constructor(name: string, value: string | undefined) {
    this.name = name;
    this.value = value;
  }
}

/** An object of an Airbyte that can be taken over. */
export interface Found<T = unknown> {
  kind: Section;
  id: string;
  /** Its name in Airbyte. */
  display: string;
  /** "" for those that are in none. */
  workspaceId: string;
  object: T;
}

/** What is declared for an object: its settings as in pipelines.yaml, with `Secret` in place of what is secret. */
export interface Entry {
  kind: Section;
  /** Logical name. */
  name: string;
  id: string;
  settings: Record<string, unknown>;
  /** What could not be said of it, as sentences. */
  notes: string[];
}

/** An object that can't be declared, and so is left alone. */
export interface LeftOut {
  kind: Section;
  id: string;
  display: string;
  why: string;
}

/** All that is declared. */
export interface Declared {
  entries: Entry[];
  leftOut: LeftOut[];
  secrets: Secret[];
}

/** In which order a file declares them: what others refer to comes first. */
export const ORDER: readonly Section[] = inOrder.map((kind) => sectionOf(kind));

/** A copy in which every `Secret` is replaced. */
export function mapSecrets(value: unknown, replace: (secret: Secret) => unknown): unknown {
  if (value instanceof Secret) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapSecrets(item, replace));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapSecrets(item, replace)]));
}

/** Logical names by kind and id: of what is taken over, and of what the stack has already. */
export class Names {
  readonly #names = ofEachSection(() => new Map<string, string>());

  set(kind: Section, id: string, name: string): void {
    this.#names[kind].set(id, name);
  }

  of(kind: Section, id: string): string | undefined {
    return this.#names[kind].get(id);
  }

  idOf(kind: Section, name: string): string | undefined {
    return [...this.#names[kind]].find(([, known]) => known === name)?.[0];
  }

  delete(kind: Section, id: string): void {
    this.#names[kind].delete(id);
  }
}

/**
 * Gives each object a logical name: the wanted one, else its name in Airbyte in small letters with dashes. Which of two
 * of the same name gets a number doesn't depend on the order in which Airbyte lists them.
 *
 * @param taken names that are in use in the stack
 * @param wanted by id
 */
export function giveNames(
  objects: readonly Found[],
  names: Names,
  taken: (kind: Section, name: string) => boolean,
  wanted: ReadonlyMap<string, string> = new Map(),
): void {
  const given = ofEachSection(() => new Set<string>());
  const basis = (found: Found) => wanted.get(found.id) ?? slug(found.display, singular(found.kind));
  const sorted = [...objects].sort((a, b) => compare(basis(a), basis(b)) || compare(a.id, b.id));
  for (const found of sorted) {
    const isTaken = (name: string) =>
      sharing(found.kind).some((kind) => given[kind].has(name.toLowerCase()) || taken(kind, name));
    const name = free(basis(found), isTaken);
    given[found.kind].add(name.toLowerCase());
    names.set(found.kind, found.id, name);
  }
}

/** The first of NAME, NAME-2, NAME-3 … that is free. */
export function free(name: string, isTaken: (name: string) => boolean, between = "-"): string {
  for (let number = 2, candidate = name; ; number++) {
    if (!isTaken(candidate)) return candidate;
    candidate = `${name}${between}${number}`;
  }
}

// A source names its connector without saying of which kind it is.
function sharing(kind: Section): Section[] {
  const sourceConnectors: Section[] = ["sourceDefinitions", "declarativeSourceDefinitions"];
  return sourceConnectors.includes(kind) ? sourceConnectors : [kind];
}

const LONGEST = 80;

function slug(display: string, otherwise: string): string {
  const words =
    display
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}_.]+/gu) ?? [];
  const name = [...words.join("-")]
    .slice(0, LONGEST)
    .join("")
    .replace(/^[-.]+|[-.]+$/g, "");
  if (name === "" || name === "__proto__") return otherwise;
  // Where a name stands, an id means what others manage.
  return isId(name) ? `${otherwise}-${name}` : name;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
