import type { ActorKind } from "../../api/airbyte-api.ts";
import type { Actor } from "../../api/types.ts";
import { body, comparable, NEVER_COMPARED, outputsOf, sealsMore, seen, type ActorInputs } from "./view.ts";
import { adoptObject, tellAdoption, type Adoption } from "../../lifecycle/adoption.ts";
import { changedKeys, changedPaths, isObject, STORED, UNKNOWN } from "../../lifecycle/canonical.ts";
import {
  absent,
  createOnce,
  deletedByHand,
  removeLeftovers,
  unlessDeleted,
  type Creation,
} from "../../lifecycle/create-once.ts";
import { checkConfiguration } from "../../specification/check.ts";
import { inWords, UserError } from "../../../../errors/user-error.ts";
import { issueInWords } from "../../../../errors/zod-issues.ts";
import {
  ADDRESS_KEYS,
  HalfCreatedError,
  type Examination,
  type Context,
  type Difference,
  type Handler,
} from "../../lifecycle/handler.ts";
import { someWorkspace } from "../../lifecycle/some-workspace.ts";
import { maskMistakes, storedPaths, withFirst } from "../../lifecycle/stored.ts";
import { inputMistakes, inputsWith } from "../describe.ts";
import { destination, source } from "./description.ts";
import type { Intention } from "../../lifecycle/intents.ts";

/** What is nothing that Airbyte keeps. */
const IGNORED = [...ADDRESS_KEYS, ...NEVER_COMPARED, "check"];
// Airbyte's API has no way to change these on an existing source or destination.
const REPLACES = inputsWith(source, "replaceOnChange");

/** The life cycle of sources and destinations, which differ in little but the name. */
export class ActorHandler implements Handler<ActorInputs> {
  readonly #kind: ActorKind;

  constructor(kind: ActorKind) {
    this.#kind = kind;
  }

  readonly outputNames = ["connectorVersion"];

  check(inputs: Record<string, unknown>, before?: ActorInputs): string[] {
    return [
      ...inputMistakes(this.#kind === "source" ? source : destination, inputs),
      ...maskMistakes(inputs.configuration),
      ...this.#checkStored(inputs, before),
    ];
  }

  prepare(news: ActorInputs, before?: ActorInputs): Partial<ActorInputs> {
    if (!before) return {};
    // The same name goes on meaning the same connector.
    const resolved = isKnown(news.definitionId) || news.connector === undefined || news.connector !== before.connector;
    const sealed = before.sealed !== undefined && !sealsMore(before.sealed, news.sealed);
    return {
      ...(resolved || before.definitionId === undefined ? {} : { definitionId: before.definitionId }),
      // How places were known to be secret is no change that a preview should show.
      ...(sealed && before.sealed ? { sealed: before.sealed } : {}),
    };
  }

  async examine(inputs: ActorInputs, context: Context): Promise<Examination<ActorInputs>> {
    const { connectors } = context;
    const workspaceId = await someWorkspace(inputs.workspaceId, context);
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
    const findings =
      specification && isObject(inputs.configuration)
        ? checkConfiguration(withFirst(inputs.configuration, inputs.firstValues), specification)
        : { mistakes: [], warnings: [] };
    return { ...findings, completed };
  }

  async claim(inputs: ActorInputs, context: Context) {
    if (!inputs.adopt || !isKnown(inputs.workspaceId)) return { mistakes: [] };
    return tellAdoption(this.#adoption(inputs, context), context);
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
    return { changes: changed.length > 0, replaces: changed.filter((key) => REPLACES.includes(key)) };
  }

  async create(declared: ActorInputs, context: Context) {
    const inputs = await this.#withDefinition(declared, context);
    const actor = inputs.adopt
      ? await adoptObject(this.#adoption(inputs, context), context)
      : await createOnce(this.#creation(inputs, context), context);
    this.#warnOfWhatDidNotStick(inputs, actor, context);
    await this.#test(actor.id, inputs, context);
    return { id: actor.id, outs: outputsOf(inputs) };
  }

  async read(id: string, state: ActorInputs, { reads }: Context): Promise<ActorInputs | undefined> {
    const actor = await reads.actor(this.#kind, id, state.workspaceId);
    return actor && seen(state, actor);
  }

  async lookUp(id: string, state: ActorInputs, { reads }: Context): Promise<object | undefined> {
    const actor = await reads.actor(this.#kind, id, state.workspaceId);
    if (!actor) return undefined;
    const { name, workspaceId, definitionId, configuration } = actor;
    return { name, workspaceId, definitionId, configuration };
  }

  async update(id: string, olds: ActorInputs, news: ActorInputs, context: Context): Promise<ActorInputs> {
    if (changedKeys(comparable(olds), comparable(news), IGNORED).length === 0) {
      await this.#requireThere(id, olds, news, context);
      await this.#test(id, news, context); // Asked for now, or it has failed before.
      return outputsOf(news);
    }
    const actor = await unlessDeleted(
      () => this.#replace(id, news, context),
      () => context.api.getActor(this.#kind, id, news.workspaceId),
      deletedByHand(`${this.#kind} "${news.name}"`, id),
    );
    if (!actor.configuration) throw deletedByHand(`${this.#kind} "${news.name}"`, id);
    this.#warnOfWhatDidNotStick(news, actor, context);
    await this.#test(id, news, context);
    return outputsOf(news);
  }

  removeLeftovers(id: string, inputs: ActorInputs, context: Context): Promise<void> {
    return removeLeftovers(this.#creation(inputs, context), id, context);
  }

  async delete(id: string, state: ActorInputs, { api }: Context): Promise<void> {
    await api.deleteActor(this.#kind, id, state.name);
  }

  /** What only a creation is given stays as it has become. */
  async #replace(id: string, inputs: ActorInputs, { api }: Context): Promise<Actor> {
    const there = inputs.firstValues ? await api.getActor(this.#kind, id, inputs.workspaceId) : undefined;
    return api.replaceActor(this.#kind, id, body(inputs, there?.configuration));
  }

  #creation(inputs: ActorInputs, context: Context): Creation<Actor> {
    const { api } = context;
    return {
      intention: this.#intention(inputs),
      post: () => api.createActor(this.#kind, body(inputs)),
      findAlike: (intention) => this.#alike(intention, context),
      bringUpToDate: (id) => this.#replace(id, inputs, context),
      remove: (id) => this.#removeUnused(id, inputs, context),
      id: (found) => found.id,
      createdAt: (found) => found.createdAt,
    };
  }

  // Its connections would go with it, and those are somebody's.
  async #removeUnused(id: string, { name, workspaceId }: ActorInputs, { api }: Context) {
    const connections = await api.listConnections(workspaceId);
    if (connections.some(({ sourceId, destinationId }) => sourceId === id || destinationId === id)) return "in use";
    await api.deleteActor(this.#kind, id, name);
    return "removed";
  }

  // The check resolves a connector's name, unless Airbyte could not be asked then.
  async #withDefinition(inputs: ActorInputs, { connectors }: Context): Promise<ActorInputs> {
    if (isKnown(inputs.definitionId)) return inputs;
    const found = await connectors.resolve(this.#kind, inputs.connector ?? "", inputs.workspaceId);
    if ("mistake" in found) throw new UserError(`${this.#kind} "${inputs.name}": ${issueInWords(found.mistake)}`);
    return { ...inputs, definitionId: found.id };
  }

  #intention(inputs: ActorInputs): Intention {
    const { declaredAs, workspaceId, name } = inputs;
    return { kind: this.#kind, declaredAs, workspaceId, name, identity: this.identity(inputs) };
  }

  #adoption(inputs: ActorInputs, context: Context): Adoption<Actor> {
    const { api } = context;
    return {
      adopt: inputs.adopt ?? false,
      intention: this.#intention(inputs),
      list: () => api.listActors(this.#kind, inputs.workspaceId),
      id: (found) => found.id,
      name: (found) => found.name,
      conflicts: ({ definitionId }) =>
        definitionId === inputs.definitionId
          ? []
          : [`its connector is ${definitionId}, declared is ${inputs.definitionId}`],
      changes: (found) => changedPaths(comparable(seen(inputs, found)), comparable(inputs), IGNORED),
      bringUpToDate: (id) => this.#replace(id, inputs, context),
    };
  }

  #checkStored(inputs: Record<string, unknown>, before?: ActorInputs): string[] {
    const given = Object.keys(inputs.firstValues ?? {});
    const paths = storedPaths(inputs.configuration).filter((path) => !given.includes(path));
    if (paths.length === 0 || (before === undefined && inputs.adopt)) return [];
    const moves = before && (inputs.connector !== before.connector || inputs.workspaceId !== before.workspaceId);
    const fixed = before && inputs.definitionId !== undefined && inputs.definitionId !== before.definitionId;
    if (before && !moves && !fixed) return [];
    const why = before ? "another connector or workspace makes a new one" : `the ${this.#kind} is new`;
    return paths.map(
      (path) => `${path}: ${STORED} keeps the secret that Airbyte has, and there is none: ${why}. Give the secret.`,
    );
  }

  /** Airbyte itself never tests a connection that is made by its API: wrong credentials would show at the first sync. */
  async #test(id: string, inputs: ActorInputs, context: Context): Promise<void> {
    if (!inputs.check) return;
    const what = `${this.#kind} "${inputs.name}"`;
    const result = await context.api.checkActor(this.#kind, id, inputs.name).catch((error: unknown) => {
      return { succeeded: false, message: error instanceof Error ? error.message : String(error) };
    });
    if (result === undefined)
      context.log(`warning: ${what} is not tested: this Airbyte offers no test of a ${this.#kind}.`);
    if (result === undefined || result.succeeded) return;
    const next = "correct the configuration, then run the command again; what was made is kept.";
    throw new HalfCreatedError(id, outputsOf(inputs), inWords(`${what} does not connect: ${result.message}`, { next }));
  }

  async #requireThere(id: string, olds: ActorInputs, news: ActorInputs, { api }: Context): Promise<void> {
    if (await api.getActor(this.#kind, id, news.workspaceId)) return;
    throw absent(`${this.#kind} "${news.name}"`, id, olds, news);
  }

  async #alike({ workspaceId, name, identity }: Intention, { api }: Context): Promise<Actor[]> {
    const actors = await api.listActors(this.#kind, workspaceId);
    return actors.filter((actor) => actor.name === name && actor.definitionId === identity.definitionId);
  }

  // A server of another version may accept a field and drop it; "applied" must not hide that.
  #warnOfWhatDidNotStick(inputs: ActorInputs, actor: Actor, context: Context): void {
    const lost = changedKeys(comparable(inputs), comparable(seen(inputs, actor)), IGNORED);
    if (lost.length === 0) return;
    context.log(
      `warning: ${this.#kind} "${inputs.name}": Airbyte did not keep what was declared for ${lost.join(", ")}.`,
    );
  }
}

function isKnown(value: string | undefined): value is string {
  return value !== undefined && value !== UNKNOWN;
}
