import { Place } from "../../../specification/place.ts";
import { didYouMean } from "../../../errors/nearest.ts";
import type { Issue } from "../../../errors/zod-issues.ts";
import type { ActorKind, AirbyteApi } from "../api/airbyte-api.ts";
import type { Definition, JsonObject } from "../api/types.ts";
import type { Specification } from "./schema.ts";

/** What tells of connectors: the Airbyte itself, or for Airbyte Cloud the public registry. */
export type ConnectorSource = Pick<AirbyteApi, "listDefinitions" | "getSpecification">;

/** The connectors of one Airbyte and their specifications, asked for once a process. */
export class Connectors {
  readonly #source: ConnectorSource;
  readonly #definitions = new Map<string, Promise<Definition[]>>();
  readonly #specifications = new Map<string, Promise<Specification | undefined>>();
  /** Made or renamed since this process began. */
  readonly #new = new Set<string>();

  constructor(source: ConnectorSource) {
    this.#source = source;
  }

  /**
   * The definition that a name means: the connector's repository without `source-`, or its display name. Airbyte's own wins over one
   * that somebody added, which can be meant by its id.
   *
   * @returns its id, or why there is none.
   */
  async resolve(kind: ActorKind, name: string, workspaceId: string): Promise<{ id: string } | { mistake: Issue }> {
    const definitions = await this.list(kind, workspaceId);
    const matches = this.#meant(kind, slug(name), definitions);
    if (matches.length === 1 && matches[0]) return { id: matches[0].id };
    if (matches.length > 1) {
      const ids = matches.map(({ id, name: title, dockerRepository }) => `${id} (${dockerRepository ?? title})`);
      return mistaken(`"${name}" means several ${kind} connectors; say which by definitionId: ${ids.join(", ")}`);
    }
    const names = [...new Set(definitions.map((definition) => shortName(kind, definition)))].filter(Boolean).sort();
    return mistaken(`this Airbyte has no ${kind} connector "${name}"${didYouMean(slug(name), names)}`);
  }

  /** Every connector that the workspace can use, by the name that a declaration gives it; of several by one name the one that is meant. */
  async all(kind: ActorKind, workspaceId: string): Promise<{ id: string; name: string }[]> {
    const definitions = await this.list(kind, workspaceId);
    const named = definitions.map((definition) => ({ id: definition.id, name: shortName(kind, definition) }));
    return named.filter(({ id, name }) => (this.#meant(kind, slug(name), definitions)[0]?.id ?? id) === id);
  }

  /** The shortest name that means this definition and no other; undefined where there is none. */
  async nameOf(kind: ActorKind, definitionId: string, workspaceId: string): Promise<string | undefined> {
    const definitions = await this.list(kind, workspaceId);
    const found = definitions.find(({ id }) => id === definitionId);
    const names = found ? namesOf(kind, found) : [];
    return names.find((name) => {
      const meant = this.#meant(kind, name, definitions);
      return meant.length === 1 && meant[0]?.id === definitionId;
    });
  }

  // What a run makes itself comes last, so that a name means the same in its preview and after it was made.
  #meant(kind: ActorKind, name: string, definitions: readonly Definition[]): Definition[] {
    const named = definitions.filter((definition) => namesOf(kind, definition).includes(name));
    const airbytes = named.filter(({ custom }) => custom !== true);
    if (airbytes.length > 0) return airbytes;
    const before = named.filter(({ id }) => !this.#new.has(id));
    return before.length > 0 ? before : named;
  }

  /** The version of a connector that the workspace uses, e.g. `7.2.1`. */
  async version(kind: ActorKind, definitionId: string, workspaceId: string): Promise<string | undefined> {
    const definitions = await this.list(kind, workspaceId);
    return definitions.find(({ id }) => id === definitionId)?.dockerImageTag ?? undefined;
  }

  /** undefined where the connector has no specification, or this Airbyte doesn't tell. */
  specification(kind: ActorKind, definitionId: string, workspaceId: string): Promise<Specification | undefined> {
    return remember(this.#specifications, `${kind} ${definitionId}`, async () => {
      const schema = await this.#source.getSpecification(kind, definitionId, workspaceId);
      if (schema === undefined || saysNothing(schema)) return undefined;
      const definition = (await this.list(kind, workspaceId)).find(({ id }) => id === definitionId);
      return { connector: definition ? toldName(kind, definition) : kind, schema };
    });
  }

  /** Asks anew from now on: a connector was deleted, added or changed; of the latter two, which one. */
  forget(changed?: string): void {
    if (changed !== undefined) this.#new.add(changed);
    this.#definitions.clear();
    this.#specifications.clear();
  }

  /** Every connector that the workspace can use. */
  list(kind: ActorKind, workspaceId: string): Promise<Definition[]> {
    return remember(this.#definitions, `${kind} ${workspaceId}`, () => this.#source.listDefinitions(kind, workspaceId));
  }
}

function mistaken(text: string): { mistake: Issue } {
  return { mistake: { path: ["connector"], text } };
}

/** `postgres` for `airbyte/destination-postgres`, first; and the display name. */
function namesOf(kind: ActorKind, { name, dockerRepository }: Definition): string[] {
  const image = dockerRepository?.split("/").at(-1) ?? "";
  const short = image.startsWith(`${kind}-`) ? image.slice(kind.length + 1) : "";
  // The image of every low-code connector is that of its runner.
  const names = short === LOW_CODE ? [slug(name), short] : [short, slug(name)];
  return [...new Set(names.filter(Boolean))];
}

const LOW_CODE = "declarative-manifest";

function shortName(kind: ActorKind, definition: Definition): string {
  return namesOf(kind, definition)[0] ?? definition.name;
}

/** The name that messages say: one's own connector is known by the name that one gave it. */
function toldName(kind: ActorKind, definition: Definition): string {
  return definition.custom === true ? definition.name : shortName(kind, definition);
}

/** `{}` and `{type: "object"}` stand for none. */
function saysNothing(schema: JsonObject): boolean {
  const configuration = Place.of(schema, {});
  return configuration.keys === undefined && !configuration.mayHoldSecrets;
}

function slug(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^(source|destination)-/, "")
    .replace(/[^a-z0-9]+/g, "-");
}

// A failure isn't remembered: the next resource may find the server up.
function remember<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before) return before;
  const answer = ask();
  known.set(key, answer);
  answer.catch(() => known.delete(key));
  return answer;
}
