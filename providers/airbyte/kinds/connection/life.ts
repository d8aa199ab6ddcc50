import { issueInWords, type Issue } from "../../../../errors/zod-issues.ts";
import type { ConnectionBody } from "../../api/airbyte-api.ts";
import type { Connection } from "../../api/types.ts";
import { adoptObject, tellAdoption, type Adoption } from "../../lifecycle/adoption.ts";
import { changedKeys, UNKNOWN } from "../../lifecycle/canonical.ts";
import { strangeEnds } from "./ends.ts";
import { lostStreams, tellLostStreams } from "./lost-streams.ts";
import { examineStreams, prepareStreams, resolvedStreams, seenWithSource, streamsToSend } from "./resolved-streams.ts";
import { timesAnHour } from "./schedule.ts";
import { wholeTags } from "./tags.ts";
import {
  comparable,
  NEVER_COMPARED,
  OF_THE_STATE,
  onlyKeys,
  seen,
  settings,
  zoned,
  type ConnectionInputs,
  type ConnectionSettings,
} from "./view.ts";
import { absent, createOnce, deletedByHand, removeLeftovers, type Creation } from "../../lifecycle/create-once.ts";
import { sealsMore } from "./mappers.ts";
import {
  ADDRESS_KEYS,
  HalfCreatedError,
  NAME_KEYS,
  type Examination,
  type Context,
  type Difference,
  type Handler,
} from "../../lifecycle/handler.ts";
import { inputMistakes, inputsWith, resetsOfRemoved } from "../describe.ts";
import { connection } from "./description.ts";
import { mapperKeyIssues } from "./mapper-settings.ts";
import type { Intention } from "../../lifecycle/intents.ts";
import { changedStreamSettings } from "./streams.ts";
import { firstSync, runningJob, settleRunning, tellRunning, touchesData } from "./syncs.ts";

const REPLACES = inputsWith(connection, "replaceOnChange");
const NOTHING: Examination<ConnectionInputs> = { mistakes: [], warnings: [] };
const IGNORED = [...ADDRESS_KEYS, ...NEVER_COMPARED, ...OF_THE_STATE];

export class ConnectionHandler implements Handler<ConnectionInputs> {
  readonly lostByReplacement = connection.lostByReplacement!;

  check(inputs: Record<string, unknown>): string[] {
    return [...inputMistakes(connection, inputs), ...mapperKeyIssues(inputs).map(issueInWords)];
  }

  prepare(news: ConnectionInputs, before?: ConnectionInputs): Partial<ConnectionInputs> {
    return prepareStreams(news, before);
  }

  identity({ sourceId, destinationId }: ConnectionInputs) {
    return { sourceId, destinationId };
  }

  diff(olds: ConnectionInputs, news: ConnectionInputs): Difference {
    const changed = changedKeys(comparable(olds), comparable(news), [...NAME_KEYS, ...NEVER_COMPARED]);
    return {
      // A state that has a secret of a mapper in plain is written anew.
      changes: changed.length > 0 || sealsMore(olds.mapperSecrets, news.mapperSecrets),
      replaces: changed.filter((key) => REPLACES.includes(key)),
      // Two connections with one schedule into the same tables must never be there side by side.
      deleteBeforeReplace: true,
    };
  }

  async beforeUpdate(id: string, olds: ConnectionInputs, news: ConnectionInputs, context: Context) {
    if (!touchesData(changedKeys(comparable(olds), comparable(news), IGNORED))) return undefined;
    const job = await runningJob(id, context);
    return job && tellRunning(job, news.onRunningSync);
  }

  async create(declared: ConnectionInputs, context: Context) {
    const inputs = await resolvedStreams(declared, context);
    const adopted = inputs.adopt ? await adoptObject(this.#adoption(inputs, context), context) : undefined;
    const connection = adopted ?? (await createOnce(this.#creation(inputs, context), context));
    const { connectionId: id } = connection;
    await scheduleNew(id, inputs, context);
    warnOfWhatDidNotStick(inputs, connection, context);
    await firstSync(id, inputs, context);
    return { id, outs: { ...inputs } };
  }

  async examine(
    inputs: ConnectionInputs,
    context: Context,
    before?: ConnectionInputs,
  ): Promise<Examination<ConnectionInputs>> {
    const strange = await strangeEnds(inputs, context, before);
    // What isn't there offers no streams.
    const streams = strange.length > 0 ? NOTHING : await examineStreams(inputs, context, before);
    const often = tooOften(inputs, context, before);
    return {
      ...streams,
      mistakes: [...strange, ...zoneTrouble(inputs, context), ...often.mistakes, ...streams.mistakes],
      warnings: [...often.warnings, ...streams.warnings, ...lostStreams(inputs, context)],
      notes: [...(streams.notes ?? []), ...residencyNote(inputs, context, before)],
    };
  }

  async claim(inputs: ConnectionInputs, context: Context) {
    if (!inputs.adopt || inputs.workspaceId === UNKNOWN) return { mistakes: [] };
    return tellAdoption(this.#adoption(inputs, context), context);
  }

  #creation(inputs: ConnectionInputs, context: Context): Creation<Connection> {
    const { api } = context;
    const { sourceId, destinationId } = inputs;
    return {
      intention: this.#intention(inputs),
      post: async () => {
        const body = await this.#body(settings(inputs), inputs, context);
        const configurations = await streamsToSend(inputs, context);
        return api.createConnection({ ...body, sourceId, destinationId, configurations });
      },
      findAlike: (intention) => alike(intention, context),
      bringUpToDate: (id) => this.#bringUpToDate(id, inputs, context),
      remove: (id) => api.deleteConnection(id, inputs.name).then(() => "removed"),
      id: (found) => found.connectionId,
      createdAt: (found) => found.createdAt,
    };
  }

  #intention(inputs: ConnectionInputs): Intention {
    const { declaredAs, workspaceId, name } = inputs;
    return { kind: "connection", declaredAs, workspaceId, name, identity: this.identity(inputs) };
  }

  // Settings that nobody declares stay what they are: an adopted connection keeps them.
  #adoption(inputs: ConnectionInputs, context: Context): Adoption<Connection> {
    return {
      adopt: inputs.adopt ?? false,
      intention: this.#intention(inputs),
      list: () => context.api.listConnections(inputs.workspaceId),
      id: (found) => found.connectionId,
      name: (found) => found.name,
      conflicts: (found) =>
        (["sourceId", "destinationId"] as const)
          .filter((end) => inputs[end] !== UNKNOWN && found[end] !== inputs[end])
          .map((end) => `its ${end} is ${found[end]}, declared is ${inputs[end]}`),
      changes: (found) => changedKeys(comparable(seen(inputs, found)), comparable(inputs), IGNORED),
      bringUpToDate: async (id) => {
        const body = await this.#body(settings(inputs), inputs, context);
        if (inputs.streams) {
          const there = await context.api.getConnection(id, inputs.workspaceId);
          body.configurations = await streamsToSend(inputs, context, {
            actual: there?.configurations?.streams ?? [],
          });
        }
        return context.api.changeConnection(id, inputs.name, body);
      },
    };
  }

  async #bringUpToDate(id: string, inputs: ConnectionInputs, context: Context): Promise<Connection> {
    const all = { ...resetsOfRemoved(connection, undefined, inputs), ...settings(inputs) };
    return context.api.changeConnection(id, inputs.name, await this.#body(all, inputs, context));
  }

  async #body(written: ConnectionSettings, inputs: ConnectionInputs, context: Context): Promise<ConnectionBody> {
    const { tags, ...rest } = written;
    return tags === undefined ? rest : { ...rest, tags: await wholeTags(tags, inputs, context) };
  }

  async read(id: string, state: ConnectionInputs, context: Context): Promise<ConnectionInputs | undefined> {
    const connection = await context.reads.connection(id, state.workspaceId);
    if (!connection) return undefined;
    const read = await seenWithSource(state, seen(state, connection), context);
    await tellLostStreams(read, context);
    return read;
  }

  async lookUp(id: string, state: ConnectionInputs, { reads }: Context): Promise<object | undefined> {
    const connection = await reads.connection(id, state.workspaceId);
    if (!connection) return undefined;
    const { name, sourceId, destinationId, workspaceId, status, schedule, prefix, configurations } = connection;
    const streams = configurations?.streams ?? [];
    return { name, sourceId, destinationId, workspaceId, status, schedule, prefix, streams };
  }

  async update(id: string, olds: ConnectionInputs, declared: ConnectionInputs, context: Context) {
    const news = await resolvedStreams(declared, context, olds);
    const changed = changedKeys(comparable(olds), comparable(news), IGNORED);
    if (changed.length === 0) {
      const there = await context.api.getConnection(id, news.workspaceId);
      if (!there) throw absent(`connection "${news.name}"`, id, olds, news);
      await firstSync(id, news, context); // Pulumi comes here again after one that failed.
      return { ...news };
    }
    if (touchesData(changed)) await settleRunning(id, news, "changed", context);
    const written = { ...resetsOfRemoved(connection, olds, news), ...onlyKeys(settings(news), changed) };
    const body = await this.#body(written, news, context);
    if (changed.includes("streams")) {
      const there = await context.api.getConnection(id, news.workspaceId);
      if (!there) throw deletedByHand(`connection "${news.name}"`, id);
      const actual = there.configurations?.streams ?? [];
      body.configurations = await streamsToSend(news, context, { actual, before: olds.streams });
    }
    const updated = await context.api.changeConnection(id, news.name, body);
    // Airbyte takes changes of a deleted connection, and goes on treating it as deleted.
    if (updated.status === "deprecated") throw deletedByHand(`connection "${news.name}"`, id);
    const zone = changed.includes("schedule") ? zoned(news) : undefined;
    if (zone) await context.api.scheduleInZone(id, news.name, zone.cronExpression, zone.timeZone);
    warnOfWhatDidNotStick(news, updated, context);
    await firstSync(id, news, context); // One that failed may be mended by this change.
    return { ...news };
  }

  removeLeftovers(id: string, inputs: ConnectionInputs, context: Context): Promise<void> {
    return removeLeftovers(this.#creation(inputs, context), id, context);
  }

  /** Airbyte itself cancels a job of a connection that is deleted. */
  async delete(id: string, state: ConnectionInputs, context: Context): Promise<void> {
    if (state.onRunningSync === "refuse") await settleRunning(id, state, "deleted", context);
    await context.api.deleteConnection(id, state.name);
  }
}

/** A mistake where this Airbyte can't schedule in the declared time zone. */
export function zoneTrouble(inputs: ConnectionInputs, { api }: Context): Issue[] {
  return zoned(inputs) && !api.hasConfigApi ? [{ path: ["schedule", "timeZone"], text: CLOUD_IS_UTC }] : [];
}

const CLOUD_IS_UTC =
  "this Airbyte's API runs every cron schedule in UTC (only the config API of a self-managed one knows " +
  "time zones); write the hours in UTC and leave timeZone out";

/** Where a cron fires more than once an hour: Airbyte Cloud refuses that, and others may. */
function tooOften(
  inputs: ConnectionInputs,
  { api }: Context,
  before?: ConnectionInputs,
): { mistakes: Issue[]; warnings: string[] } {
  const expression = inputs.schedule?.cronExpression;
  const times = expression === undefined || expression === UNKNOWN ? 1 : timesAnHour(expression);
  if (times <= 1) return { mistakes: [], warnings: [] };
  const text = `fires ${times} times in an hour, and this Airbyte syncs once an hour at most`;
  if (!api.hasConfigApi) return { mistakes: [{ path: ["schedule", "cronExpression"], text }], warnings: [] };
  if (expression === before?.schedule?.cronExpression) return { mistakes: [], warnings: [] };
  const warning = `schedule: fires ${times} times in an hour; an Airbyte that allows once an hour at most will refuse it`;
  return { mistakes: [], warnings: [warning] };
}

/** A new connection has the schedule `manual` until here; the state must not say more than is true. */
async function scheduleNew(id: string, inputs: ConnectionInputs, { api }: Context): Promise<void> {
  const zone = zoned(inputs);
  if (!zone) return;
  try {
    await api.scheduleInZone(id, inputs.name, zone.cronExpression, zone.timeZone);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HalfCreatedError(id, { ...inputs, schedule: { scheduleType: "manual" } }, reason);
  }
}

function residencyNote(inputs: ConnectionInputs, { api }: Context, before?: ConnectionInputs): string[] {
  if (inputs.dataResidency === undefined || inputs.dataResidency === before?.dataResidency) return [];
  if (!api.hasConfigApi) return [];
  return ["has a dataResidency, which a self-managed Airbyte takes and ignores: data stay where it runs"];
}

async function alike({ workspaceId, name, identity }: Intention, { api }: Context): Promise<Connection[]> {
  const connections = await api.listConnections(workspaceId);
  return connections.filter(
    (found) =>
      found.name === name && found.sourceId === identity.sourceId && found.destinationId === identity.destinationId,
  );
}

function warnOfWhatDidNotStick(inputs: ConnectionInputs, connection: Connection, context: Context): void {
  const later = zoned(inputs) ? ["schedule"] : []; // Set by a call of its own.
  const kept = seen(inputs, connection);
  const lost = changedKeys(comparable(inputs), comparable(kept), [...IGNORED, ...later]).flatMap((key) =>
    key === "streams" ? changedStreamSettings(inputs.streams, kept.streams) : [key],
  );
  if (lost.length === 0) return;
  context.log(`warning: connection "${inputs.name}": Airbyte did not keep what was declared for ${lost.join(", ")}.`);
}
