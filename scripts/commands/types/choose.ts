import type { ActorKind } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { Context } from "../../../providers/airbyte/lifecycle/handler.ts";
import { UserError } from "../../../errors/user-error.ts";
import type { Used } from "../doctor/definitions.ts";
import type { Specifications } from "./declarations.ts";

/** A connector of an Airbyte. */
interface Connector {
  kind: ActorKind;
  id: string;
  name: string;
}

/** Which connectors are wanted. */
export interface Wanted {
  /** As `--connectors` has them: `postgres`, which may be a source, a destination or both, or `source-postgres`. */
  named: readonly string[];
  /** Those of the pipelines' files, by name or id. */
  declared: readonly Omit<Used, "name">[];
  /** All that there are. */
  all: boolean;
}

type Asked = Pick<Context, "api" | "connectors">;

export const KINDS = ["source", "destination"] as const;

/** So many specifications are asked for at a time: Airbyte starts a container for each that it doesn't remember. */
const AT_A_TIME = 4;

/** The connectors that are wanted, and those that sources and destinations of the workspace use. */
export async function chooseConnectors(asked: Asked, workspaceId: string, wanted: Wanted): Promise<Connector[]> {
  const ids = await idsOf(asked, workspaceId, wanted);
  const chosen = new Map<string, Connector>();
  for (const kind of KINDS) {
    for (const { definitionId } of await asked.api.listActors(kind, workspaceId)) ids.add(definitionId);
    for (const { id, name } of await asked.connectors.all(kind, workspaceId)) {
      // Of two by the same name a declaration can't choose by that name either.
      const isNew = !chosen.has(`${kind} ${name}`);
      if (isNew && (wanted.all || ids.has(id))) chosen.set(`${kind} ${name}`, { kind, id, name });
    }
  }
  return [...chosen.values()];
}

/** Of what is named and declared. An error tells of every name that this Airbyte has no connector by. */
async function idsOf({ connectors }: Asked, workspaceId: string, { named, declared }: Wanted): Promise<Set<string>> {
  const names = [
    ...named.map((name) => ({ name, kinds: kindsIn(name) })),
    ...declared.flatMap(({ kind, connector }) => (connector === undefined ? [] : { name: connector, kinds: [kind] })),
  ];
  const answers = await Promise.all(
    names.map(({ name, kinds }) => Promise.all(kinds.map((kind) => connectors.resolve(kind, name, workspaceId)))),
  );
  const unknown = answers.filter((found) => !found.some((one) => "id" in one)).flat();
  const mistakes = unknown.flatMap((one) => ("mistake" in one ? one.mistake.text : []));
  if (mistakes.length > 0) throw new UserError([...new Set(mistakes)].join("\n"));
  const given = declared.flatMap(({ definitionId }) => definitionId ?? []);
  return new Set([...given, ...answers.flat().flatMap((one) => ("id" in one ? one.id : []))]);
}

/** `source-postgres` says which it is; `postgres` may be either. */
function kindsIn(name: string): readonly ActorKind[] {
  const said = KINDS.filter((kind) => name.startsWith(`${kind}-`));
  return said.length > 0 ? said : KINDS;
}

/** Asks for the specifications. `without` are those that have none, or for which Airbyte gave an error instead. */
export async function readSpecifications(
  { connectors }: Asked,
  workspaceId: string,
  chosen: readonly Connector[],
  progress: (done: number) => void,
): Promise<{ specifications: Specifications; without: string[] }> {
  const specifications: Specifications = { source: {}, destination: {} };
  const without: string[] = [];
  let done = 0;
  const left = [...chosen];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { kind, id, name } = next;
      try {
        const found = await connectors.specification(kind, id, workspaceId);
        if (found) specifications[kind][name] = found.schema;
        else without.push(`${kind} ${name}: it has no specification`);
      } catch (error) {
        without.push(
          `${kind} ${name}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`,
        );
      }
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { specifications, without: without.sort() };
}
