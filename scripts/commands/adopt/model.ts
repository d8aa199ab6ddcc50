import { inOrder } from "../../../providers/airbyte/kinds/descriptions.ts";
import { sectionOf, type Section } from "../../../providers/airbyte/kinds/names.ts";
import { isMap } from "../../../declaration/walk.ts";

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
