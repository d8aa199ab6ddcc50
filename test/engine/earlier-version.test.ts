import { expect, test } from "vitest";
import { reserveAddress } from "../../embedded/index.ts";
import { Faulty } from "./faults/faults.ts";
import { Project, shortName, type ResourceState } from "./project.ts";
import { layDown, readRecording, RECORDED_AS, STATE, versionsOf, type Recording } from "./recording.ts";
import { TargetStack, TARGETS } from "./target-stacks.ts";

/** Of a commit before any version: its states differ from those of today in what connectors are. */
const FIRST = "f69bbe1";

const recordings = TARGETS.flatMap((name) =>
  versionsOf(name)
    .filter((version) => version !== FIRST)
    .map((version) => ({ name, version })),
);

const JOURNAL = ".airbyte/dev/intents.jsonl";

interface Checkpoint {
  checkpoint: { latest: { resources: ResourceState[] } };
}

function resourcesOf({ files }: Recording): ResourceState[] {
  return (files[STATE] as Checkpoint).checkpoint.latest.resources;
}

const idsOf = (recording: Recording) =>
  resourcesOf(recording)
    .flatMap(({ id, type }) => (id === undefined || type.startsWith("pulumi:providers:") ? [] : id))
    .sort();

test.for(RECORDED_AS === undefined ? [] : TARGETS)("recorded: a stack of the target %s", async (name) => {
  await (await TargetStack.open(name)).record(RECORDED_AS ?? "");
});

const onThisMachineAlone = ["docker", "embedded", "existing"];
/** The gateway of the target `aws` listens on a port and addresses that only Linux's root has. */
const missing = process.platform === "linux" && process.getuid?.() === 0 ? "" : "needs Linux and root, for port 443";

test.for(recordings)(
  "what $version left on the target $name: nothing changes, all can be edited in place and destroyed",
  async ({ name, version }, context) => {
    if (name === "aws" && missing !== "") return context.skip(missing);
    const recording = readRecording(version, name);
    const stack = await TargetStack.open(name, recording);
    const { project, declared } = stack;
    const ids = await project.ids();
    expect(Object.values(ids).sort()).toEqual(idsOf(recording));
    expect(await stack.own("preview", "--expect-no-changes")).toBe(0);
    expect(await stack.own("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes")).toBe(0);

    const before = await project.resources();
    stack.edit();
    expect(await stack.own("up", "--yes", "--skip-preview")).toBe(0);
    const changed = (await project.resources()).filter(
      ({ urn, type, modified }) =>
        !type.startsWith("pulumi:") && modified !== before.find((old) => old.urn === urn)?.modified,
    );
    expect(changed.map(({ urn }) => shortName(urn)).sort()).toEqual(declared.changed.sort());
    // What Docker's plugin can't change either.
    const { "Container/airbyte-gateway": gateway, ...edited } = await project.ids();
    expect({ ...edited, ...(gateway && { "Container/airbyte-gateway": ids["Container/airbyte-gateway"] }) }).toEqual(
      ids,
    );

    const data = onThisMachineAlone.includes(name) ? [] : ["--destroy-data"];
    expect(await stack.own("destroy", "--yes", "--skip-preview", ...data)).toBe(0);
    expect(await project.resources()).toEqual([]);
    expect(await stack.left()).toEqual([]);
  },
);

interface Entry {
  op: string;
  number?: string;
  intent?: { kind: string; number: string };
}

test.for(versionsOf("embedded").filter((version) => version !== FIRST))(
  "what %s had begun when it was killed, its state not yet written: taken over by its journal, nothing is made twice",
  async (version) => {
    const recording = readRecording(version, "embedded");
    const made = resourcesOf(recording).filter(({ urn }) => shortName(urn) !== "DefaultWorkspace/workspace");
    const lost = made.filter(({ outputs }) => outputs?.declaredAs !== undefined);
    const journal = recording.files[JOURNAL] as Entry[];
    // Of a source, not even the id had arrived.
    const answered = ({ op, number }: Entry) =>
      op !== "created" || journal.some(({ intent }) => intent?.number === number && intent?.kind !== "source");
    recording.files[JOURNAL] = journal.filter((entry) => entry.op !== "confirmed" && answered(entry));
    const { latest } = (recording.files[STATE] as Checkpoint).checkpoint;
    latest.resources = latest.resources.filter((resource) => !lost.includes(resource));
    expect(lost).toHaveLength(14);

    const stack = await TargetStack.open("embedded", recording);
    expect(await stack.own("up", "--yes", "--skip-preview")).toBe(0);
    const ids = await stack.project.ids();
    for (const { urn, id } of lost) expect(ids[shortName(urn)]).toBe(id);
    expect(await stack.own("destroy", "--yes", "--skip-preview")).toBe(0);
  },
);

test("among what 0.1.0 left are resources of every kind that it knew", () => {
  const resources = TARGETS.flatMap((name) => resourcesOf(readRecording("0.1.0", name)));
  const kinds = resources.flatMap(({ outputs }) => /"([a-z-]+)"\)$/.exec(String(outputs?.__provider))?.[1] ?? []);
  expect([...new Set(kinds)].sort()).toEqual([
    ...["application", "connection", "declarative-source-definition", "default-workspace", "destination"],
    ...["destination-definition", "docker-host", "embedded-server", "installation", "permission", "readiness"],
    ...["server-certificate", "source", "source-definition", "tag", "workspace"],
  ]);
});

test("what the first version to have a journal left: nothing is replaced, up, change, destroy", async () => {
  const recording = readRecording(FIRST, "embedded");
  const project = new Project({ connectors: null });
  const { port } = reserveAddress(project.dataDir);
  layDown(recording, project.dir, { port });

  const steps = await project.preview();
  expect(steps.filter(({ op }) => op !== "update")).toEqual([]);
  const ids = Object.values(await project.ids()).sort();
  expect(ids).toEqual(idsOf(recording));

  const faulty = new Faulty(project, (...call) => project.byHand(...call), {
    sources: { users: {}, orders: {} },
    destinations: { warehouse: {} },
    connections: { "users-to-warehouse": {}, "orders-to-warehouse": {} },
  });
  const { clientSecret } = recording.files[".airbyte/dev/embedded/credentials.json"] as { clientSecret: string };
  faulty.secrets = [clientSecret];
  await project.up();
  await faulty.settled();
  expect(Object.values(await project.ids()).sort()).toEqual(ids);

  project.edit("pipelines.yaml", "count: 100", "count: 250");
  expect(await project.preview()).toEqual([
    { op: "update", type: "Source", name: "users", fields: ["configuration.count"] },
  ]);
  await project.up();
  await project.destroy();
  expect(await project.resources()).toEqual([]);
  faulty.nothingSecretShown();
});
