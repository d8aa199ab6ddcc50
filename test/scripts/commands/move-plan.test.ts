import { describe, expect, test } from "vitest";
import type { AirbyteApi } from "../../../providers/airbyte/api/airbyte-api.ts";
import type { Found } from "../../../scripts/commands/move/connections.ts";
import { namedIds, notOffered, onlyStored } from "../../../scripts/commands/move/obstacles.ts";
import { closingWords, plan, planInWords, type Circumstances } from "../../../scripts/commands/move/plan.ts";
import { load, values } from "../../declaration/project.ts";

const id = (digit: number) => `${digit}a1f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13`;

const pipelines = (more = "", configuration = "{ host: db.example.com, password: '${secret:p}' }") => `
sources: { crm: { connector: mysql, configuration: { host: crm.example.com } } }
destinations: { warehouse: { connector: postgres, configuration: ${configuration} } }
connections: { crm-to-warehouse: { source: crm, destination: warehouse${more} } }`;

const declared = (text = pipelines(), password = "one") => load(text, values({ p: password }));

/** The connection as the first Airbyte shows it: it syncs on a schedule, and has a state. */
function found({ schedule = "cron", host = "db.example.com", prefix, ...more }: Record<string, unknown> = {}): Found {
  const actor = (configuration: object) => ({
    id: id(1),
    name: "",
    workspaceId: id(1),
    definitionId: id(1),
    configuration,
  });
  return {
    id: id(2),
    connection: { status: "active", schedule: { scheduleType: schedule }, prefix },
    source: actor({ host: "crm.example.com" }),
    destination: actor({ host, password: "**********", port: 5432 }),
    syncs: [
      { id: 2, type: "sync", status: "succeeded", rows: 200, bytes: 1 },
      { id: 1, type: "sync", status: "succeeded", rows: 1000, bytes: 1 },
    ],
    state: { stateType: "stream", streamState: [] },
    ...more,
  } as unknown as Found;
}

function planned(changes: Partial<Circumstances> = {}, one: Found | null = found()) {
  const [result] = plan({
    from: "dev",
    to: "prod",
    first: declared(),
    other: declared(),
    found: new Map(one ? [["crm-to-warehouse", one]] : []),
    simulated: new Set<string>(),
    alive: new Set<string>(),
    states: "safe",
    takesStates: true,
    embedded: { from: false, to: false },
    ...changes,
  });
  return result!;
}

describe("a sync state", () => {
  test("is carried over into the same tables, which both stacks then contest", () => {
    expect(planned()).toMatchObject({ fate: "carried", contested: true });
    expect(planned({}, found({ schedule: "manual" }))).toMatchObject({ fate: "carried", contested: false });
    const running = { syncs: [{ id: 3, type: "sync", status: "running", rows: 0, bytes: 0 }] };
    expect(planned({}, found({ schedule: "manual", ...running })).contested).toBe(true);
    expect(planned({ simulated: new Set([id(2)]) }).contested).toBe(false);
  });

  const local = (host: string) => declared(pipelines("", `{ host: ${host}, password: '\${secret:p}' }`));
  const onLoopback = () => ({ first: local("127.0.0.1"), other: local("127.0.0.1") });
  const inFiles = () => {
    const file = declared(pipelines("", "{ destination_path: sample.duckdb, password: x }"));
    return { first: file, other: file };
  };
  const nothingElse = () => ({});
  test.each<[string, () => Partial<Circumstances>, Found | null]>([
    ["it has no sync state yet", nothingElse, found({ state: { stateType: "not_set" } })],
    ["dev's Airbyte doesn't tell sync states", nothingElse, found({ state: undefined })],
    ["dev has not made it", nothingElse, null],
    ["as --without-state says", () => ({ states: "without" }), found()],
    ["prod's Airbyte takes no sync states", () => ({ takesStates: false }), found()],
    ["its rows were simulated, and are in no destination", () => ({ simulated: new Set([id(2)]) }), found()],
    [
      "its tables are the embedded Airbyte's, which Airbyte's own connector may make anew",
      () => ({ embedded: { from: true, to: false } }),
      found(),
    ],
    ["its destination has other settings there", () => ({ other: local("elsewhere") }), found()],
    ["its destination has other settings there", () => ({ other: declared(pipelines(), "two") }), found()],
    ["its destination isn't as declared now in the first stack", nothingElse, found({ host: "before.example.com" })],
    ["its destination is on localhost, which is another machine there", onLoopback, found({ host: "127.0.0.1" })],
    [
      "its destination is a file, and each Airbyte has files of its own",
      inFiles,
      found({ destination: { configuration: { destination_path: "sample.duckdb", password: "**********" } } }),
    ],
    ["its prefix isn't as declared now in the first stack", nothingElse, found({ prefix: "by_hand_" })],
    ["its prefix differs there", () => ({ other: declared(pipelines(", prefix: raw_")) }), found()],
    ["its source isn't as declared now in the first stack", nothingElse, found({ source: undefined })],
    ["what dev declares of it can't be read", () => ({ first: undefined }), found()],
  ])("is not, where %s", (why, changes, one) => {
    expect(planned(changes(), one)).toMatchObject({ fate: "afresh", why });
  });

  test("is carried over between two embedded Airbytes, to which localhost is the same", () => {
    const both = { ...onLoopback(), embedded: { from: true, to: true } };
    expect(planned(both, found({ host: "127.0.0.1" })).fate).toBe("carried");
  });

  test("is carried over all the same where the user says so, but for what there is no way for", () => {
    const told = { states: "with", other: local("elsewhere"), simulated: new Set([id(2)]) } as const;
    expect(planned(told)).toMatchObject({ fate: "carried", contested: false });
    expect(planned({ ...told, takesStates: false }).fate).toBe("afresh");
  });

  test("of a connection that has synced in the other Airbyte is left alone", () => {
    expect(planned({ alive: new Set(["crm-to-warehouse"]) })).toMatchObject({ fate: "left", contested: false });
  });
});

test("the plan says what is carried over, what is synced again, and how many rows that were", () => {
  const again = planned({ takesStates: false });
  expect(planInWords([{ ...planned(), name: "a" }, { ...planned(), name: "b" }, again], "prod")).toEqual([
    "carried over: a, b",
    "crm-to-warehouse: all rows are synced again (2 syncs so far brought 1,200 rows); prod's Airbyte takes no sync states",
  ]);
});

test("the closing words say how to change over where both stacks would write the same tables", () => {
  const outcome = {
    from: "dev",
    isQuiet: false,
    to: "prod",
    planned: [planned()],
    contested: ["crm-to-warehouse"],
    failed: [],
  };
  expect(closingWords(outcome)).toMatch(
    /paused there: dev goes on .*\(crm-to-warehouse\)[^]*config set paused true --stack dev\n {2}npm start -- --stack dev\n {2}npm run move -- --to prod /,
  );
  const started = { ...outcome, contested: [] };
  expect(closingWords(started)).toMatch(/still syncs[^]*npm run destroy -- --stack dev\nTo pause it: /);
  expect(closingWords({ ...started, isQuiet: true })).toMatch(/dev is paused as it was\.\n.*destroy -- --stack dev$/);
  expect(closingWords({ ...outcome, failed: ["x"] })).toMatch(/^prod stays paused, .*--without-state$/);
});

test("ids that name something in one Airbyte are found wherever they can stand", () => {
  const text = `
tags: { nightly: { color: "1F77B4", workspaceId: ${id(1)} } }
sources: { crm: { definitionId: ${id(9)}, adopt: ${id(2)}, secretId: x } }
destinations: { warehouse: { connector: postgres, adopt: true } }
connections: { flow: { source: ${id(3)}, destination: warehouse, tags: [nightly, ${id(4)}] } }`;
  expect(namedIds(load(text))).toEqual([
    { place: "sources.crm.adopt", kind: "sources", id: id(2) },
    { place: "sources.crm.secretId", kind: undefined, id: "x" },
    { place: "connections.flow.source", kind: "sources", id: id(3) },
    { place: "connections.flow.tags[1]", kind: "tags", id: id(4) },
    { place: "tags.nightly.workspaceId", kind: "workspaces", id: id(1) },
  ]);
});

test("what Airbyte Cloud doesn't offer is said, and a secret that only the first Airbyte has", async () => {
  const cloud = { hasConfigApi: false, objects: {} } as unknown as AirbyteApi;
  const text = pipelines(", schedule: { every: day, timeZone: Europe/Berlin }").replace(
    "connector: mysql,",
    "connector: mysql, resourceAllocation: { default: { cpu_limit: '1' } },",
  );
  expect(await notOffered(declared(text), cloud, id(1))).toEqual([
    expect.stringMatching(/^connections\.crm-to-warehouse\.schedule\.timeZone: this Airbyte's API runs every cron/),
    "sources.crm.resourceAllocation: Airbyte Cloud takes none; leave it out",
  ]);
  const stored = declared(pipelines("", "{ host: h, password: '${stored}' }"));
  expect(onlyStored(stored, new Set())).toEqual([
    "destinations.warehouse.configuration.password: is ${stored}, which no other Airbyte has; use ${secret:NAME}",
  ]);
  expect(onlyStored(stored, new Set(["Destination/warehouse"]))).toEqual([]);
});
