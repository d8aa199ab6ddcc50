import { ConfigurationError, nextStep } from "../../../errors/user-error.ts";
import { sections } from "../../../providers/airbyte/kinds/names.ts";
import { loadPipelines, type Pipelines } from "../../../declaration/declare.ts";
import { publicApiRoot } from "../../../providers/airbyte/api/address.ts";
import { keepsSyncStates } from "../../../providers/airbyte/api/sync-state.ts";
import { openAirbyte, workspaceIn, workspaceOf, type Airbyte } from "../../stack/airbyte.ts";
import { setting, valuesOf, type StackFacts } from "../../stack/stack-facts.ts";
import { examine } from "../doctor/examine.ts";
import type { Report } from "../doctor/report.ts";
import { findConnections, simulatedIn, type Side } from "./connections.ts";
import { namedIds, strangeIds } from "./ids.ts";
import { nameInState, notOffered, onlyStored } from "./offers.ts";
import { plan, planInWords, type Planned, type States } from "./plan.ts";
import { airbyteObjects } from "../../stack/state-resources.ts";
import { pausing } from "./words.ts";

/**
 * Says what a move would do and what stands in its way, and changes nothing.
 *
 * @param to the other stack as it will be, with what is carried over
 * @returns what becomes of each connection; undefined where something stands in the way
 */
export async function examineMove(
  report: Report,
  from: Side,
  to: Side,
  states: States,
): Promise<Planned[] | undefined> {
  const url = await examine(report, to.facts);
  const other = declaredBy(to.facts);
  if (!other) return undefined; // Its mistakes are told.
  const reached = url !== undefined && !report.failures.some((step) => UNREACHED.includes(step));
  const airbyte = reached ? await openAirbyte(to.facts, url) : undefined;
  if (airbyte) await examineOther(report, other, to, airbyte);
  const made = new Set(airbyteObjects(to.resources).map(({ type, name }) => `${type}/${name}`));
  const stored = onlyStored(other, made);
  if (stored.length > 0) report.fail("secrets", stored.join("\n"));
  if (url !== undefined && isSameAirbyte(from.facts, to.facts, url))
    report.fail("workspace", `it is ${from.facts.stack}'s own: everything would be there twice`);

  tellWhatIsThere(report, other, made);
  const planned = await planFor(from, to, other, states, airbyte);
  const lines = planInWords(planned, to.facts.stack);
  if (lines.length > 0) report.info("sync states", lines.join("\n"));
  requireQuiet(report, planned, from.facts.stack);
  return report.failures.length === 0 ? planned : undefined;
}

/** Two Airbytes must not write the same tables. Until the first has stopped the other stack is paused, but not what it does already. */
function requireQuiet(report: Report, planned: Planned[], from: string): void {
  const contested = planned.filter((one) => one.contested).map(({ name }) => name);
  if (contested.length === 0 || !planned.some(({ fate }) => fate === "left")) return;
  const found = `${from} goes on writing by itself into the tables of ${contested.join(", ")}; pause it first`;
  report.fail("first stack", found, ...pausing(from));
}

async function planFor(from: Side, to: Side, other: Pipelines, states: States, airbyte: Airbyte | undefined) {
  const opened = await openAirbyte(from.facts);
  const [found, simulated, there] = await Promise.all([
    findConnections(from, opened),
    simulatedIn(from),
    airbyte && findConnections(to, airbyte),
  ]);
  return plan({
    from: from.facts.stack,
    to: to.facts.stack,
    first: declaredBy(from.facts),
    other,
    found,
    simulated,
    alive: new Set([...(there ?? [])].filter(([, { syncs }]) => syncs.length > 0).map(([name]) => name)),
    states,
    takesStates: airbyte && (await keepsSyncStates(airbyte.client)),
    embedded: { from: from.target === "embedded", to: to.target === "embedded" },
  });
}

async function examineOther(report: Report, pipelines: Pipelines, to: Side, { api }: Airbyte): Promise<void> {
  const workspaceId = await workspaceIn(to.facts, { api });
  if (workspaceId === undefined) return;
  const lacks = await notOffered(pipelines, api, workspaceId);
  if (lacks.length > 0)
    report.fail("offers", lacks.join("\n"), nextStep("take it out of the pipelines, or move elsewhere"));

  const ids = namedIds(pipelines);
  const strange = await strangeIds(ids, api, workspaceId);
  const next = nextStep("${config:NAME} in place of the id, and a value of its own in each stack");
  if (strange.length > 0) report.fail("ids", strange.join("\n"), next);
  const unknown = ids.filter(({ kind }) => kind === undefined).map(({ place }) => place);
  if (unknown.length > 0) report.info("ids", `see to it that they mean the same there: ${unknown.join(", ")}`);
}

/** Steps of the doctor without which nothing can be asked. */
const UNREACHED = ["embedded", "reach", "TLS", "health", "token", "workspace"];

/** undefined where the files have mistakes with these values. */
function declaredBy(facts: StackFacts): Pipelines | undefined {
  try {
    return loadPipelines(process.cwd(), setting(facts, "pipelines") ?? "pipelines.yaml", valuesOf(facts));
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function tellWhatIsThere(report: Report, pipelines: Pipelines, made: ReadonlySet<string>): void {
  const declared = sections.flatMap((kind) => Object.keys(pipelines[kind]).map((name) => nameInState(kind, name)));
  const there = declared.filter((name) => made.has(name)).length;
  if (there > 0) report.info("there already", `${there} of ${declared.length}; they are not made twice`);
}

function isSameAirbyte(from: StackFacts, to: StackFacts, url: string): boolean {
  const workspace = workspaceOf(to) ?? from.keptWorkspaceId;
  return publicApiRoot(from.keptUrl ?? "") === publicApiRoot(url) && from.keptWorkspaceId === workspace;
}
