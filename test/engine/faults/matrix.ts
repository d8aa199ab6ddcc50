import { faker, postgres, sheet, type Rule } from "./faults.ts";

/** Where a run can fail. */
export const STEPS = [
  "check",
  "create",
  "connection test",
  "first sync",
  "update",
  "replacement's create",
  "replacement's delete",
  "delete",
  "read",
] as const;
export type Step = (typeof STEPS)[number];

/** How. "once done" is a server that is gone when the work is done and saved, and nobody was told. */
export const WAYS = ["refused", "lost", "gone", "gone once done", "connector"] as const;
export type Way = (typeof WAYS)[number];

/** What a person may do then. */
export const COMMANDS = [
  "refresh",
  "preview",
  "up unchanged",
  "up mended",
  "entry removed",
  "connector changed",
  "destroy",
] as const;
export type Command = (typeof COMMANDS)[number];

/** The pairs of step and way that can't happen, with the reason. */
export const IMPOSSIBLE: Partial<Record<Step, Partial<Record<Way, string>>>> = {
  create: { connector: "Airbyte runs no connector to create anything; its connection test is a step of its own" },
  "replacement's delete": { connector: "Airbyte runs no connector to delete anything" },
  delete: { connector: "Airbyte runs no connector to delete anything" },
  read: { connector: "Airbyte runs no connector to show anything" },
  check: { "gone once done": "a check changes nothing: it is the same as gone" },
};

export const isPossible = (step: Step, way: Way): boolean => IMPOSSIBLE[step]?.[way] === undefined;

/**
 * Steps whose calls can be under way at one time, so that one end of the server meets them all: the engine deletes when all else is done,
 * and checks one resource after the other. A connection is deleted before it is replaced; where that fails, a run that is to go on with
 * the other resources (`--continue-on-error`) waits for ever in the engine, so that is in no run with others.
 */
export const PHASES = ["checking", "making", "deleting first", "deleting", "reading"] as const;
export type Phase = (typeof PHASES)[number];

type Kind = "sources" | "destinations" | "connections" | "tags";
export const ALL_KINDS: Kind[] = ["sources", "destinations", "connections", "tags"];
type Entry = Record<string, unknown>;
export type Entries = Record<Kind, Record<string, Entry>>;

/** One entry in which a step fails. An undefined entry isn't declared then. */
export interface Subject {
  step: Step;
  kind: Kind;
  name: string;
  phase: Phase;
  before?: Entry | undefined;
  /** What is declared when the step fails. */
  after?: Entry | undefined;
  mended?: Entry | undefined;
  /** With another connector, or with other ends. */
  changed?: Entry | undefined;
}

const POSTGRES_SOURCE = "decd338e-5647-4c0b-adf4-da0e75f5a750";
const BIGQUERY = "22f6c74f-5699-40ff-833c-4a879ea40133";
const bigquery = (project = "a") => ({
  definitionId: BIGQUERY,
  configuration: { project_id: project, credentials_json: "${secret:warehousePassword}" },
});
/** The only one of its connector, whose specification nobody else asks for. */
const checkedSource = (port: unknown, database = "d") => ({
  definitionId: POSTGRES_SOURCE,
  configuration: { ...postgres().configuration, schema: undefined, port, database },
});

/** Entries of each kind: `one` in variants, and `other`, which is a replacement. A tag has nothing that would make it another one. */
const entry: Record<Kind, { one: (variant: number) => Entry; other?: (variant: number) => Entry }> = {
  sources: { one: (n) => sheet(`v${n}`), other: (n) => faker(n) },
  destinations: { one: (n) => postgres(`h${n}.example.com`), other: (n) => bigquery(`p${n}`) },
  connections: {
    one: (n) => ({ source: "users", destination: "warehouse", prefix: `v${n}_` }),
    other: (n) => ({ source: "orders", destination: "warehouse", prefix: `v${n}_` }),
  },
  tags: { one: (n) => ({ color: `00000${n}` }) },
};

/** What nothing happens to: the ends of connections. */
export const stable = {
  sources: { users: faker(), orders: sheet() },
  destinations: { warehouse: postgres() },
};

/** Every entry in which one of the steps fails in the given way. */
export function subjectsOf(step: Step, way: Way): Subject[] {
  if (!isPossible(step, way)) return [];
  const tested = way === "connector" || step === "connection test";
  return kindsOf(step, way).map((kind) => {
    const name = `${step.replace("'s ", "-").replace(" ", "-")}-${kind.slice(0, -1)}`;
    const option = tested && step !== "check" && kind !== "connections" ? { check: true } : {};
    const synced = step === "first sync" ? { sync: { onCreate: true } } : {};
    const one = (n: number) => ({ ...entry[kind].one(n), ...option, ...synced });
    const another = entry[kind].other ?? ((n: number) => entry[kind].one(n + 5));
    const other = (n: number) => ({ ...another(n), ...option, ...synced });
    const variants = declared(step, way, one, other);
    const phase = phaseOf(step, kind);
    // That something is gone, and nobody was told, shows to those alone who look for it: so it isn't declared as it was.
    if (step === "delete" && !entry[kind].other) variants.changed = undefined;
    if (phase === "deleting first") variants.changed = other(3);
    return { step, kind, name, phase, ...variants };
  });
}

type Variants = Pick<Subject, "before" | "after" | "mended" | "changed">;
type Make = (variant: number) => Entry;

function declared(step: Step, way: Way, one: Make, other: Make): Variants {
  switch (step) {
    case "check":
      return {
        after: checkedSource(way === "connector" ? "many" : 5432),
        mended: checkedSource(5433),
        changed: one(1),
      };
    case "create":
    case "connection test":
    case "first sync":
      return { after: one(1), mended: one(2), changed: other(1) };
    case "update":
      return { before: one(1), after: one(2), mended: one(3), changed: other(1) };
    case "replacement's create":
    case "replacement's delete":
      return { before: one(1), after: other(1), mended: other(2), changed: one(1) };
    case "delete":
      return { before: one(1), changed: other(1) };
    case "read":
      return { before: one(1), after: one(1), mended: one(2), changed: other(1) };
  }
}

function kindsOf(step: Step, way: Way): Kind[] {
  if (step === "check") return ["sources"];
  if (step === "first sync") return ["connections"];
  if (step === "connection test" || way === "connector") return ["sources", "destinations"];
  return ALL_KINDS.filter((kind) => !step.startsWith("replacement") || entry[kind].other);
}

function phaseOf(step: Step, kind: Kind): Phase {
  if (step === "check") return "checking";
  if (step === "read") return "reading";
  if (step === "delete") return "deleting";
  if (step === "replacement's delete") return kind === "connections" ? "deleting first" : "deleting";
  return "making";
}

/** So often a fault strikes that is to last. */
export const LASTING = 1_000;
const HELD_MS = 600_000;

/** The calls that the step is made of, for `/faults`. */
function callOf({ step, kind, name }: Subject, id: string | undefined): Rule {
  const api = "/public/v1";
  switch (step) {
    case "check":
      return { method: "POST", path: "/source_definition_specifications/get$", body: POSTGRES_SOURCE };
    case "create":
    case "replacement's create":
      return { method: "POST", path: `${api}/${kind}$`, body: `"name":"${name}"` };
    case "connection test":
      return { method: "POST", path: `/${kind}/check_connection$` };
    case "first sync":
      return { method: "POST", path: `${api}/jobs$` };
    case "update":
      return { method: "PUT|PATCH", path: `${api}/${kind}/${id}` };
    case "replacement's delete":
    case "delete":
      return { method: "DELETE", path: `${api}/${kind}/${id}` };
    case "read":
      return { method: "GET", path: `${api}/${kind}/${id}` };
  }
}

/** What makes the step fail so; that the connector fails is asked for apart from calls. */
export function rulesOf(subject: Subject, way: Way, id: string | undefined): Rule[] {
  const { step, kind } = subject;
  const call = callOf(subject, id);
  const listing: Rule[] = [
    { method: "GET", path: `/public/v1/${kind}$`, status: 500, count: LASTING },
    // A list that fails is read by the older API, too.
    { method: "POST", path: `/v1/${kind}/list\\w*$`, status: 500, count: LASTING },
  ];
  switch (way) {
    case "refused":
      // A list that shows an object spares the call for it alone.
      return [{ ...call, status: isAsking(step) ? 500 : 422, count: LASTING }, ...(step === "read" ? listing : [])];
    case "lost":
      return [{ ...call, drop: "after", count: LASTING }, ...unseen(subject, listing)];
    case "gone":
      return [{ ...call, delayMs: HELD_MS }];
    case "gone once done":
      return [{ ...call, status: 504, late: true, delayMs: HELD_MS }];
    case "connector":
      return [];
  }
}

/** What keeps the provider from finding out at once what a lost answer has done. What has no time of its creation is listed before it. */
function unseen({ step, kind }: Subject, listing: Rule[]): Rule[] {
  if (step === "first sync") return [{ method: "GET", path: "/public/v1/jobs/", drop: "before", count: LASTING }];
  const isFound = kind === "tags" || !["create", "replacement's create", "read"].includes(step);
  return isFound ? [] : listing;
}

function isAsking(step: Step): boolean {
  return ["check", "connection test", "first sync", "read"].includes(step);
}

/** Whether the step fails: what the check can't find out, the creation does; and a lost answer's work is looked for. */
export function fails({ step, kind }: Subject, way: Way, isSecondTime = false): boolean {
  if (step === "check") return way === "connector" || way === "gone";
  if (kind === "tags" && step === "create") return way !== "lost";
  // The job that was started then is found in a list, and has ended well.
  if (step === "first sync" && way === "lost") return !isSecondTime;
  return true;
}

/** Whether the object is there, and neither the run nor the state knows it. */
export function isUntold(subject: Subject, way: Way): boolean {
  const makes = subject.step === "create" || subject.step === "replacement's create";
  return makes && (way === "gone once done" || (way === "lost" && subject.kind !== "tags"));
}
