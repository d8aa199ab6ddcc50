import { AirbyteError } from "../api/errors.ts";
import type { ObjectCalls } from "../api/object-calls.ts";
import { inWords, UserError } from "../../../errors/user-error.ts";
import { issueInWords, type Issue } from "../../../errors/zod-issues.ts";
import { adoptObject, tellAdoption, type Adoption } from "./adoption.ts";
import { changedKeys, changedPaths, UNKNOWN } from "./canonical.ts";
import { absent, createOnce, deletedByHand, removeLeftovers, unlessDeleted, type Creation } from "./create-once.ts";
import {
  ADDRESS_KEYS,
  NAME_KEYS,
  type CommonInputs,
  type Examination,
  type Context,
  type Difference,
  type Handler,
} from "./handler.ts";
import type { Intention } from "./intents.ts";
import {
  conflicts,
  isAlike,
  nameOf,
  objectKind,
  seen,
  stuck,
  type Explanation,
  type Obstacle,
  type ObjectKind,
  type ObjectLife,
} from "./object-kind.ts";
import type { ObjectSection } from "../kinds/calls.ts";
import { inputMistakes, inputsWith, resetsOfRemoved, type KindDescription } from "../kinds/describe.ts";
import { sectionOf } from "../kinds/names.ts";

type Props = Record<string, unknown>;

/** The life cycle of every object that is a name with a few settings: workspaces, tags, connectors of one's own … */
export class ObjectHandler<I extends CommonInputs, T extends { id: string }> implements Handler<I> {
  readonly #description: KindDescription;
  readonly #kind: ObjectKind<I, T>;
  readonly #replaceOnChange: readonly string[];
  readonly #createOnly: readonly string[];
  readonly #neverCompared: string[];
  /** And what says where it is found, and not what it is. */
  readonly #neverApplied: string[];
  readonly outputNames: string[];
  readonly lostByReplacement?: string;

  constructor(description: KindDescription, life: ObjectLife<I, T> = {}) {
    this.#description = description;
    this.#kind = objectKind(description, life);
    this.#replaceOnChange = inputsWith(description, "replaceOnChange");
    this.#createOnly = inputsWith(description, "createOnly");
    this.outputNames = Object.keys(life.outputs ?? {});
    const { lookup } = life;
    this.#neverCompared = [
      ...[...NAME_KEYS, "adopt", ...this.outputNames, ...this.#createOnly],
      ...(lookup ? [lookup.by] : []),
    ];
    this.#neverApplied = [...ADDRESS_KEYS, ...this.#neverCompared];
    if (description.lostByReplacement !== undefined) this.lostByReplacement = description.lostByReplacement;
  }

  check(inputs: Props, before?: I): string[] {
    const { kind } = this.#description;
    return [
      ...inputMistakes(this.#description, inputs),
      ...stuck(kind, this.#createOnly, before as Props | undefined, inputs),
    ];
  }

  prepare(news: I, before?: I): Partial<I> {
    const { lookup } = this.#kind;
    if (!before || !lookup || news[lookup.fills] !== undefined || news[lookup.by] !== before[lookup.by]) return {};
    return { [lookup.fills]: before[lookup.fills] } as Partial<I>;
  }

  async examine(inputs: I, context: Context): Promise<Examination<I>> {
    const unavailable = await this.#calls(context).unavailable?.();
    if (unavailable !== undefined) return { mistakes: [{ path: [], text: unavailable }], warnings: [] };
    const found = await this.#lookUp(inputs, context);
    if ("mistake" in found) return { mistakes: [found.mistake], warnings: [] };
    return { mistakes: [], warnings: [], ...found };
  }

  async claim(inputs: I, context: Context) {
    if (!inputs.adopt) return { mistakes: await this.#strangers(inputs, context) };
    if (this.#workspace(inputs) === UNKNOWN) return { mistakes: [] };
    return tellAdoption(this.#adoption(inputs, context), context);
  }

  identity(inputs: I): Record<string, string> {
    return this.#kind.identity(inputs);
  }

  async outputs(inputs: I, context: Context, id: string): Promise<Props> {
    const { outputs } = this.#kind;
    if (!outputs) return {};
    const object = await this.#read(id, inputs, context);
    return object ? Object.fromEntries(Object.entries(outputs).map(([name, of]) => [name, of(object)])) : {};
  }

  diff(olds: I, news: I): Difference {
    const changed = changedKeys(olds, news, this.#neverCompared);
    return {
      changes: changed.length > 0,
      replaces: changed.filter((key) => this.#replaceOnChange.includes(key)),
    };
  }

  async create(declared: I, context: Context) {
    const calls = this.#calls(context);
    const unavailable = await calls.unavailable?.();
    if (unavailable !== undefined) throw this.#mistaken(declared, unavailable);
    const inputs = await this.#completed(declared, context);
    const object = inputs.adopt
      ? await adoptObject(this.#adoption(inputs, context), context)
      : await createOnce(this.#creation(inputs, context), context);
    this.#afterChange(inputs, object, context);
    return { id: object.id, outs: { ...inputs } };
  }

  async read(id: string, state: I, context: Context): Promise<I | undefined> {
    const object = await this.#read(id, state, context);
    return object && seen(this.#kind, state, object);
  }

  async lookUp(id: string, state: I, context: Context): Promise<object | undefined> {
    const object = await this.#read(id, state, context);
    if (!object) return undefined;
    return Object.fromEntries(Object.entries(object).filter(([key]) => key !== "id"));
  }

  async update(id: string, olds: I, news: I, context: Context): Promise<I> {
    const calls = this.#calls(context);
    if (changedKeys(olds, news, this.#neverApplied).length === 0) {
      const there = await calls.get(id, news);
      if (!there) throw absent(this.#named(news), id, olds, news);
      return { ...news };
    }
    const updated = await unlessDeleted(
      () => calls.update(id, { ...resetsOfRemoved(this.#description, olds, news), ...news }),
      () => calls.get(id, news),
      deletedByHand(this.#named(news), id),
    ).catch((error: unknown) => this.#explain(error, news, context, id));
    this.#afterChange(news, updated, context);
    return { ...news };
  }

  removeLeftovers(id: string, inputs: I, context: Context): Promise<void> {
    return removeLeftovers(this.#creation(inputs, context), id, context);
  }

  async delete(id: string, state: I, context: Context): Promise<void> {
    await this.#kind.beforeDelete?.(id, context.api);
    await this.#calls(context).delete(id, state);
    this.#tellConnectors(context);
  }

  #creation(inputs: I, context: Context): Creation<T> {
    const calls = this.#calls(context);
    return {
      intention: this.#intention(inputs),
      post: () => this.#post(inputs, context),
      findAlike: (intention) => this.#alike(inputs, intention, context),
      bringUpToDate: (id) => calls.update(id, inputs),
      remove: (id) => this.delete(id, inputs, context).then(() => "removed"),
      id: ({ id }) => id,
      ...(this.#kind.createdAt ? { createdAt: this.#kind.createdAt } : {}),
    };
  }

  #calls({ api }: Pick<Context, "api">): ObjectCalls<T, I, I> {
    const section = sectionOf(this.#description.kind) as ObjectSection;
    return api.objects[section] as unknown as ObjectCalls<T, I, I>;
  }

  #read(id: string, state: I, context: Context): Promise<T | undefined> {
    return context.reads.object(this.#calls(context), id, state);
  }

  #workspace(inputs: I): string {
    return (inputs as { workspaceId?: string }).workspaceId ?? "";
  }

  #named(inputs: I): string {
    return `${this.#description.kind} "${this.#kind.nameOf(inputs)}"`;
  }

  #mistaken(inputs: I, mistake: string): UserError {
    return new UserError(`${this.#named(inputs)}: ${mistake}`);
  }

  async #lookUp(inputs: I, context: Context): Promise<{ completed: Partial<I> } | { mistake: Issue }> {
    const { lookup } = this.#kind;
    if (!lookup || inputs[lookup.fills] !== undefined || isUnknown(inputs[lookup.by])) return { completed: {} };
    const found = await lookup.find(inputs, context);
    return "mistake" in found ? found : { completed: { [lookup.fills]: found.value } as Partial<I> };
  }

  // The check looks these up, unless Airbyte could not be asked then.
  async #completed(inputs: I, context: Context): Promise<I> {
    const found = await this.#lookUp(inputs, context);
    if ("mistake" in found) throw this.#mistaken(inputs, issueInWords(found.mistake));
    return { ...inputs, ...found.completed };
  }

  /** What is in the way of a new one and not this stack's own, as a mistake of the preview. */
  async #strangers(inputs: I, context: Context): Promise<Issue[]> {
    const { kind } = this.#description;
    const { intents } = context;
    // Something of an earlier run, or of an earlier life of the stack, is taken over.
    const unsettled = intents.pending(kind, inputs.declaredAs).length > 0 || intents.inheritedUntil() !== undefined;
    const found = unsettled
      ? undefined
      : ((await this.#kind.inTheWay?.(inputs, context)) ?? (await this.#namesake(inputs, context)));
    if (!found || intents.unclaimed([found], ({ id }) => id).length === 0) return [];
    return [{ path: [], text: `${found.what}; ${found.next}` }];
  }

  async #post(inputs: I, context: Context): Promise<T> {
    const found = await this.#kind.inTheWay?.(inputs, context);
    if (!found)
      return this.#calls(context)
        .create(inputs)
        .catch((error: unknown) => this.#explain(error, inputs, context));
    const isOwn = context.intents.unclaimed([found], ({ id }) => id).length === 0;
    throw this.#mistaken(inputs, withNext(isOwn ? { ...found, next: IS_OWN } : found));
  }

  async #explain(error: unknown, inputs: I, context: Context, id?: string): Promise<never> {
    if (!(error instanceof AirbyteError)) throw error;
    const meaning =
      (await this.#kind.meaning?.(error, inputs, context, id)) ?? (await this.#takenName(error, inputs, context, id));
    throw meaning ? this.#mistaken(inputs, withNext(meaning)) : error;
  }

  /** Where Airbyte takes a name once: the object that has it. */
  async #namesake(inputs: I, context: Context, list = this.#listOnce(inputs, context)): Promise<Obstacle | undefined> {
    const { kind, hasUniqueName } = this.#description;
    const name = this.#kind.nameOf(inputs);
    const { organizationId } = inputs as { organizationId?: string };
    if (!hasUniqueName || [name, this.#workspace(inputs), organizationId].includes(UNKNOWN)) return undefined;
    const found = (await list()).find((object) => nameOf(this.#kind, inputs, object) === name);
    if (!found) return undefined;
    const what = `this ${hasUniqueName} has a ${kind} of this name already (${found.id}), and Airbyte takes a name once`;
    return { id: found.id, what, next: "adopt: true takes it over" };
  }

  /** What a 409 means to a name that is there: nothing is under way that could be waited for. */
  async #takenName(refused: AirbyteError, inputs: I, context: Context, id?: string): Promise<Explanation | undefined> {
    if (refused.code !== "refused" || refused.status !== 409) return undefined;
    const list = () => this.#calls(context).list(inputs);
    const found = await this.#namesake(inputs, context, list).catch(() => undefined);
    if (!found || found.id === id) return undefined;
    if (context.intents.unclaimed([found], (object) => object.id).length === 0) return { ...found, next: IS_OWN };
    return id === undefined ? found : { ...found, next: "choose another name, or delete that one in Airbyte first" };
  }

  #listOnce(inputs: I, { api, reads }: Context): () => Promise<T[]> {
    const calls = this.#calls({ api });
    const { key = "" } = calls.listing?.(inputs) ?? {};
    return () => (key === "" ? calls.list(inputs) : reads.all(key, () => calls.list(inputs)));
  }

  #intention(inputs: I): Intention {
    const { kind } = this.#description;
    const { nameOf, identity } = this.#kind;
    const { declaredAs } = inputs;
    return { kind, declaredAs, workspaceId: this.#workspace(inputs), name: nameOf(inputs), identity: identity(inputs) };
  }

  async #alike(inputs: I, intention: Intention, context: Context): Promise<T[]> {
    const { workspaceId } = intention;
    // An earlier run may have declared it in another workspace.
    const scope = workspaceId === "" ? inputs : { ...inputs, workspaceId };
    const objects = await this.#calls(context).list(scope);
    return objects.filter((object) => isAlike(this.#kind, inputs, intention, object));
  }

  #adoption(inputs: I, context: Context): Adoption<T> {
    const calls = this.#calls(context);
    const { kind, adoptedOnRequest } = this.#description;
    const isInWorkspace = adoptedOnRequest && this.#workspace(inputs) !== "";
    const command = `npm run adopt -- --workspace ID --also ${sectionOf(kind)}`;
    return {
      ...(isInWorkspace ? { elsewhere: `those of another workspace are taken over by ${command}` } : {}),
      adopt: inputs.adopt ?? false,
      intention: this.#intention(inputs),
      list: () => calls.list(inputs),
      id: ({ id }) => id,
      name: (object) => nameOf(this.#kind, inputs, object),
      conflicts: (object) => conflicts(this.#kind, this.#replaceOnChange, inputs, object),
      changes: (object) => changedPaths(seen(this.#kind, inputs, object), inputs, this.#neverApplied),
      bringUpToDate: (id) => calls.update(id, inputs),
    };
  }

  // A server of another version may accept a setting and drop it; "applied" must not hide that.
  #afterChange(inputs: I, object: T, context: Context): void {
    const lost = changedKeys(inputs, seen(this.#kind, inputs, object), this.#neverApplied);
    if (lost.length > 0) {
      context.log(`warning: ${this.#named(inputs)}: Airbyte did not keep what was declared for ${lost.join(", ")}.`);
    }
    this.#tellConnectors(context, object.id);
  }

  #tellConnectors({ connectors }: Context, changed?: string): void {
    if (this.#kind.changesConnectors) connectors.forget(changed);
  }
}

const IS_OWN =
  "this stack has it by another declaration: declare it once, give a new name the old one as an alias, and replace it with deleteBeforeReplace";

function withNext({ what, next }: Explanation): string {
  return inWords(`${what}.`, { next: `${next}.` });
}

function isUnknown(value: unknown): boolean {
  return value === undefined || value === UNKNOWN;
}
