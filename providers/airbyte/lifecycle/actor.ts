import type { ActorBody, ActorKind } from "../api/airbyte-api.ts";
import type { Actor, JsonObject } from "../api/types.ts";
import { changedKeys, isObject, same, seenThrough } from "./canonical.ts";
import { createOnce } from "./create-once.ts";
import { ExplainedError, type CommonInputs, type Context, type Difference, type Handler } from "./handler.ts";
import { requireConfiguration, requireText, requireUuid } from "./inputs.ts";
import type { Intention } from "./intents.ts";

/** What a program declares of a source or a destination. */
export interface ActorInputs extends CommonInputs {
  workspaceId: string;
  name: string;
  /** The connector. */
  definitionId: string;
  /** The connector's settings, secrets included. */
  configuration: JsonObject;
  resourceAllocation?: JsonObject;
  /** Sources only: the id that an OAuth consent gave. */
  secretId?: string;
}

/** Keys that say where a resource is found and not what it is: a change of them writes nothing to the server. */
export const ADDRESS_KEYS = ["airbyteUrl", "profile", "declaredAs"] as const;

// Airbyte's API has no way to change these on an existing source or destination.
const FIXED = ["workspaceId", "definitionId"];
// The server keeps the type of a connector beside the configuration and takes these keys out of it.
const TYPE_KEYS = ["sourceType", "destinationType"];

/** The life cycle of sources and destinations, which differ in little but the name. */
export class ActorHandler implements Handler<ActorInputs> {
  readonly #kind: ActorKind;

  constructor(kind: ActorKind) {
    this.#kind = kind;
  }

  check(inputs: Record<string, unknown>): string[] {
    return [
      ...requireText(inputs, "name"),
      ...requireUuid(inputs, "workspaceId"),
      ...requireUuid(inputs, "definitionId"),
      ...requireConfiguration(inputs),
    ];
  }

  identity({ definitionId }: ActorInputs) {
    return { definitionId };
  }

  diff(olds: ActorInputs, news: ActorInputs): Difference {
    const changed = changedKeys(comparable(olds), comparable(news), ["declaredAs"]);
    // Never delete-before-replace: deleting a source or destination takes its connections with it.
    return { changes: changed.length > 0, replaces: changed.filter((key) => FIXED.includes(key)) };
  }

  async create(inputs: ActorInputs, context: Context) {
    const { api } = context;
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
    if (changedKeys(comparable(olds), comparable(news), ADDRESS_KEYS).length === 0) {
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
    const lost = changedKeys(comparable(inputs), comparable(seen(inputs, actor)), ADDRESS_KEYS);
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
  return { name, workspaceId, definitionId, configuration, resourceAllocation, secretId };
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
