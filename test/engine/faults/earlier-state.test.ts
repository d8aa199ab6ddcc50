import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reserveAddress } from "../../../embedded/index.ts";
import { Project } from "../project.ts";
import { SECRETS } from "../sample.ts";
import { Faulty } from "./faults.ts";

interface Recorded {
  settings: string;
  pipelines: string;
  journal: object[];
  credentials: { clientSecret: string };
  airbyte: object;
  state: { deployment: { resources: { id?: string }[] } };
}

test("the state, the journal and the Airbyte of an earlier version: imported, nothing is replaced, up, change, destroy", async () => {
  const { project, recorded } = earlierProject();
  await project.must("stack", "init", "dev");
  await project.must("stack", "import", "--stack", "dev", "--file", "earlier.json");

  const steps = await project.preview();
  expect(steps.filter(({ op }) => op !== "update")).toEqual([]);
  const ids = Object.values(await project.ids()).sort();
  const before = recorded.state.deployment.resources.flatMap(({ id }) => id ?? []);
  expect(ids).toEqual(before.sort());

  const faulty = new Faulty(project, (...call) => project.byHand(...call), {
    sources: { users: {}, orders: {} },
    destinations: { warehouse: {} },
    connections: { "users-to-warehouse": {}, "orders-to-warehouse": {} },
  });
  faulty.secrets = [recorded.credentials.clientSecret];
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

/** A folder as the earlier version left it, but for the port. */
function earlierProject(): { project: Project; recorded: Recorded } {
  const project = new Project({ connectors: null });
  const { port } = reserveAddress(project.dataDir);
  const file = join(import.meta.dirname, "../fixtures/state-before-real-connectors.json");
  const recorded = JSON.parse(readFileSync(file, "utf8").replaceAll("@port@", String(port))) as Recorded;
  project.write("Pulumi.dev.yaml", recorded.settings);
  project.write("pipelines.yaml", recorded.pipelines);
  project.write("earlier.json", JSON.stringify(recorded.state));
  mkdirSync(project.dataDir, { recursive: true });
  const journal = recorded.journal.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  writeFileSync(join(project.dataDir, "../intents.jsonl"), journal);
  writeFileSync(join(project.dataDir, "credentials.json"), JSON.stringify(recorded.credentials));
  writeFileSync(join(project.dataDir, "data.json"), JSON.stringify(recorded.airbyte));
  expect(recorded.settings).not.toContain(SECRETS.sheetKey);
  return { project, recorded };
}
