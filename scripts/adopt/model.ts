import type { Kind } from "../../declaration/kinds.ts";
import { isMap } from "../../declaration/walk.ts";

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
  kind: Kind;
  id: string;
  /** Its name in Airbyte. */
  display: string;
  /** "" for those that are in none. */
  workspaceId: string;
  object: T;
}

/** What is declared for an object: its settings as in pipelines.yaml, with `Secret` in place of what is secret. */
export interface Entry {
  kind: Kind;
  /** Logical name. */
  name: string;
  id: string;
  settings: Record<string, unknown>;
  /** What could not be said of it, as sentences. */
  notes: string[];
}

/** An object that can't be declared, and so is left alone. */
export interface LeftOut {
  kind: Kind;
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
export const ORDER: readonly Kind[] = [
  "workspaces",
  "sourceDefinitions",
  "destinationDefinitions",
  "declarativeSourceDefinitions",
  "tags",
  "sources",
  "destinations",
  "connections",
  "permissions",
  "applications",
];

/** The resource class of each kind. */
export const CLASSES: Record<Kind, string> = {
  workspaces: "Workspace",
  sourceDefinitions: "SourceDefinition",
  destinationDefinitions: "DestinationDefinition",
  declarativeSourceDefinitions: "DeclarativeSourceDefinition",
  tags: "Tag",
  sources: "Source",
  destinations: "Destination",
  connections: "Connection",
  permissions: "Permission",
  applications: "Application",
};

/** A copy in which every `Secret` is replaced. */
export function mapSecrets(value: unknown, replace: (secret: Secret) => unknown): unknown {
  if (value instanceof Secret) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapSecrets(item, replace));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapSecrets(item, replace)]));
}
