import type { ActorBody, ActorKind } from "../api/airbyte-api.ts";
import type { Actor, JsonObject } from "../api/types.ts";
import { changedKeys, isObject, same, seenThrough } from "./canonical.ts";
import { createOnce } from "./create-once.ts";
import { checkConfiguration } from "../specification/check.ts";
import {
  ExplainedError,
  STORED,
  UNKNOWN,
  type CommonInputs,
  type Consultation,
  type Context,
  type Difference,
  type Handler,
} from "./handler.ts";
import { requireConfiguration, requireConnector, requireText, requireUuid } from "./inputs.ts";
import { storedPaths, withMasks } from "./stored.ts";
import type { Intention } from "./intents.ts";

/** What a program declares of a source or a destination. */
export interface ActorInputs extends CommonInputs {
  workspaceId: string;
  name: string;
  /** The connector's name, e.g. `postgres`; or give `definitionId`. */
  connector?: string;
  /** The connector. Found by `connector` where only that is given. */
  definitionId: string;
  /** The connector's settings, secrets included. */
  configuration: JsonObject;
  resourceAllocation?: JsonObject;
  /** Sources only: the id that an OAuth consent gave. */
  secretId?: string;
  /** The values that were made secrets because of their place, and how that was known. */
  sealed?: Sealed;
}

/** Places of a configuration whose values are secrets, as the connector's specification says or by their keys alone. */
export interface Sealed {
  by: "specification" | "keys";
  paths: string[];
}

/** Keys that say where a resource is found and not what it is: a change of them writes nothing to the server. */
export const ADDRESS_KEYS = ["airbyteUrl", "profile", "declaredAs"] as const;

// Airbyte's API has no way to change these on an existing source or destination.
const FIXED = ["workspaceId", "definitionId"];
// `definitionId` stands for the connector's name; `sealed` is compared in its own way; versions are the server's.
const NEVER_COMPARED = ["declaredAs", "connector", "sealed", "connectorVersion"];
// The server keeps the type of a connector beside the configuration and takes these keys out of it.
const TYPE_KEYS = ["sourceType", "destinationType"];

/** The life cycle of sources and destinations, which differ in little but the name. */
export class ActorHandler implements Handler<ActorInputs> {
  readonly #kind: ActorKind;

  constructor(kind: ActorKind) {
    this.#kind = kind;
  }

  readonly outputNames = ["connectorVersion"];

  check(inputs: Record<string, unknown>, before?: ActorInputs): string[] {
    return [
      ...requireText(inputs, "name"),
      ...requireUuid(inputs, "workspaceId"),
      ...requireConnector(inputs),
      ...requireConfiguration(inputs),
      ...this.#checkStored(inputs, before),
    ];
  }

  async consult(inputs: ActorInputs, context: Context): Promise<Consultation<ActorInputs>> {
    const { connectors } = context;
    const workspaceId = await someWorkspace(inputs, context);
    let { definitionId } = inputs;
    if (definitionId === undefined && inputs.connector !== undefined) {
      const found = await connectors.resolve(this.#kind, inputs.connector, workspaceId);
      if ("mistake" in found) return { mistakes: [found.mistake], warnings: [] };
      definitionId = found.id;
    }
    const completed = { definitionId };
    const specification = isKnown(definitionId)
      ? await connectors.specification(this.#kind, definitionId, workspaceId)
      : undefined;
    if (!specification || !isObject(inputs.configuration)) return { mistakes: [], warnings: [], completed };
    return { ...checkConfiguration(inputs.configuration, specification), completed };
  }

  async outputs({ definitionId, workspaceId }: ActorInputs, { connectors }: Context) {
    const version = await connectors.version(this.#kind, definitionId, workspaceId).catch(() => undefined);
    return version === undefined ? {} : { connectorVersion: version };
  }

  identity({ definitionId }: ActorInputs) {
    return { definitionId };
  }

  diff(olds: ActorInputs, news: ActorInputs): Difference {
    const changed = changedKeys(comparable(olds), comparable(news), NEVER_COMPARED);
    // The outputs hold in plain what no one knew to be secret: an update writes them anew, sealed.
    if (sealsMore(olds.sealed, news.sealed)) changed.push("sealed");
    // Never delete-before-replace: deleting a source or destination takes its connections with it.
    return { changes: changed.length > 0, replaces: changed.filter((key) => FIXED.includes(key)) };
  }

  async create(declared: ActorInputs, context: Context) {
    const { api } = context;
    const inputs = await this.#withDefinition(declared, context);
    const actor = await createOnce<Actor>(
      {
        intention: {
          kind: this.#kind,
          declaredAs: inputs.declaredAs,
          workspaceId: inputs.workspaceId,
          name: inputs.name,
          identity: this.identity(inputs),
        },
        post: () => api.createActor(this.#kind, body(inputs)),
        findAlike: (intention) => this.#alike(intention, context),
        bringUpToDate: (id) => api.replaceActor(this.#kind, id, body(inputs)),
        id: (found) => found.id,
        createdAt: (found) => found.createdAt,
      },
      context,
    );
    this.#warnOfWhatDidNotStick(inputs, actor, context);
    return { id: actor.id, outs: { ...inputs } };
  }

  async read(id: string, state: ActorInputs, { api }: Context): Promise<ActorInputs | undefined> {
    const actor = await api.getActor(this.#kind, id, state.workspaceId);
    return actor && seen(state, actor);
  }

  async update(id: string, olds: ActorInputs, news: ActorInputs, context: Context): Promise<ActorInputs> {
    if (changedKeys(comparable(olds), comparable(news), [...ADDRESS_KEYS, ...NEVER_COMPARED]).length === 0) {
      await this.#requireThere(id, news, context);
      return { ...news };
    }
    const actor = await context.api.replaceActor(this.#kind, id, body(news));
    this.#warnOfWhatDidNotStick(news, actor, context);
    return { ...news };
  }

  async delete(id: string, state: ActorInputs, { api }: Context): Promise<void> {
    await api.deleteActor(this.#kind, id, state.name);
  }

  // The check resolves a connector's name, unless Airbyte could not be asked then.
  async #withDefinition(inputs: ActorInputs, { connectors }: Context): Promise<ActorInputs> {
    if (isKnown(inputs.definitionId)) return inputs;
    const found = await connectors.resolve(this.#kind, inputs.connector ?? "", inputs.workspaceId);
    if ("mistake" in found) throw new ExplainedError(`${this.#kind} "${inputs.name}": ${found.mistake}`);
    return { ...inputs, definitionId: found.id };
  }

  #checkStored(inputs: Record<string, unknown>, before?: ActorInputs): string[] {
    const paths = storedPaths(inputs.configuration);
    if (paths.length === 0) return [];
    const moves = before && (inputs.connector !== before.connector || inputs.workspaceId !== before.workspaceId);
    const fixed = before && inputs.definitionId !== undefined && inputs.definitionId !== before.definitionId;
    if (before && !moves && !fixed) return [];
    const why = before ? "another connector or workspace makes a new one" : `the ${this.#kind} is new`;
    return paths.map(
      (path) => `${path}: ${STORED} keeps the secret that Airbyte has, and there is none: ${why}. Give the secret.`,
    );
  }

  async #requireThere(id: string, inputs: ActorInputs, { api }: Context): Promise<void> {
    if (await api.getActor(this.#kind, id, inputs.workspaceId)) return;
    throw absentAtNewAddress(`${this.#kind} "${inputs.name}"`, id, inputs.airbyteUrl);
  }

  async #alike({ workspaceId, name, identity }: Intention, { api }: Context): Promise<Actor[]> {
    const actors = await api.listActors(this.#kind, workspaceId);
    return actors.filter((actor) => actor.name === name && actor.definitionId === identity.definitionId);
  }

  // A server of another version may accept a field and drop it; "applied" must not hide that.
  #warnOfWhatDidNotStick(inputs: ActorInputs, actor: Actor, context: Context): void {
    const ignored = [...ADDRESS_KEYS, ...NEVER_COMPARED];
    const lost = changedKeys(comparable(inputs), comparable(seen(inputs, actor)), ignored);
    if (lost.length === 0) return;
    context.log(
      `warning: ${this.#kind} "${inputs.name}": Airbyte did not keep what was declared for ${lost.join(", ")}.`,
    );
  }
}

/** An object that a changed address should lead to is not there. */
export function absentAtNewAddress(what: string, id: string, url: string): ExplainedError {
  return new ExplainedError(
    `${what} (${id}) is not in the Airbyte at ${url}. The address changed, and an address is only where an object is found, so nothing was written.\n` +
      `  Next step: set the address back; or, to build everything anew in the other Airbyte, use another stack.`,
  );
}

function body(inputs: ActorInputs): ActorBody {
  const { name, workspaceId, definitionId, configuration, resourceAllocation, secretId } = inputs;
  return { name, workspaceId, definitionId, configuration: withMasks(configuration), resourceAllocation, secretId };
}

/** Any workspace does for questions about connectors, where the resource's own is not known yet. */
async function someWorkspace({ workspaceId }: ActorInputs, { api }: Context): Promise<string> {
  if (isKnown(workspaceId)) return workspaceId;
  return (await api.listWorkspaces())[0]?.workspaceId ?? "";
}

function isKnown(value: string | undefined): value is string {
  return value !== undefined && value !== UNKNOWN;
}

function sealsMore(before: Sealed | undefined, now: Sealed | undefined): boolean {
  if (now?.by !== "specification") return false;
  return now.paths.some((path) => !before?.paths.includes(path));
}

function comparable(inputs: ActorInputs): ActorInputs {
  const { configuration } = inputs;
  if (!isObject(configuration)) return inputs;
  const kept = Object.entries(configuration).filter(([key]) => !TYPE_KEYS.includes(key));
  return { ...inputs, configuration: Object.fromEntries(kept) };
}

function seen(declared: ActorInputs, actor: Actor): ActorInputs {
  const result: ActorInputs = { ...declared, name: actor.name, definitionId: actor.definitionId };
  if (actor.workspaceId) result.workspaceId = actor.workspaceId;
  const typeKeys = Object.entries(declared.configuration).filter(([key]) => TYPE_KEYS.includes(key));
  const configuration = seenThrough(comparable(declared).configuration, actor.configuration ?? {});
  const seenConfiguration = { ...(configuration as JsonObject), ...Object.fromEntries(typeKeys) };
  // The same object where nothing differs, so that the order of keys in the state stays.
  result.configuration = same(seenConfiguration, declared.configuration) ? declared.configuration : seenConfiguration;
  if (declared.resourceAllocation !== undefined) {
    const allocation = seenThrough(declared.resourceAllocation, actor.resourceAllocation ?? {});
    result.resourceAllocation = allocation as JsonObject;
  }
  return result;
}
