import { expect, test } from "vitest";
import { Project } from "../project.ts";
import { FAKER, POSTGRES } from "../sample.ts";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import { faker, sample } from "./faults.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { embedded } from "@checkout/infra/targets/index.ts";
import { Connection, DefaultWorkspace, Destination, Source } from "@checkout/providers/airbyte/index.ts";

const target = embedded({ target: "embedded", stateDir: ".airbyte/dev", pipelines: "", embedded: { connectors: "simulated" } });
const airbyte = { ...target.airbyte, workspaceId: new DefaultWorkspace("workspace", target.airbyte).workspaceId };
const renamed = new pulumi.Config().getBoolean("renamed") ?? false;
const called = (before: string, after: string) => (renamed ? after : before);
const as = (before: string) => (renamed ? { aliases: [{ name: before }] } : {});

const source = new Source(called("users", "people"), {
  airbyte, name: "users", definitionId: "${FAKER}", configuration: { count: 1 },
}, as("users"));
const destination = new Destination(called("warehouse", "lake"), {
  airbyte,
  definitionId: "${POSTGRES}",
  configuration: { host: "h", port: 5432, database: "d", schema: "s", username: "u", password: pulumi.secret("hidden-password") },
}, as("warehouse"));
new Connection(called("users-to-warehouse", "people-to-lake"), { airbyte, source, destination }, as("users-to-warehouse"));
`;

test("a resource that is renamed with a Pulumi alias keeps its id; only a name that Airbyte shows is changed there", async () => {
  const project = await Project.create({ program: PROGRAM });
  await project.up();
  const before = await project.ids();
  await project.must("config", "set", "renamed", "true");
  expect((await project.preview()).map(({ op, name }) => [op, name]).sort()).toEqual([
    ["update", "lake"],
    ["update", "people-to-lake"],
  ]);
  await project.up();
  const after = await project.ids();
  expect(after["Source/people"]).toBe(before["Source/users"]);
  expect(after["Destination/lake"]).toBe(before["Destination/warehouse"]);
  expect(after["Connection/people-to-lake"]).toBe(before["Connection/users-to-warehouse"]);
  expect((await project.onServer("sources")).map(({ name }) => name)).toEqual(["users"]);
  expect((await project.onServer("connections")).map(({ name }) => name)).toEqual(["people-to-lake"]);
  await project.up("--refresh", "--expect-no-changes");
  expect(project.said).not.toContain("hidden-password");
});

test("an entry that is renamed in pipelines.yaml: made anew once, never adopted from itself, and kept after `state rename`", async () => {
  const airbyte = await ExistingAirbyte.start();
  const faulty = await onExisting(airbyte.about, sample());
  const { project, declared } = faulty;
  await faulty.mended();
  const before = faulty.ids();

  // The same name in Airbyte: an adoption would be followed by the deletion of what it took over.
  delete declared.sources.users;
  declared.sources.people = { ...faker(), name: "users", adopt: true };
  declared.connections["users-to-warehouse"] = { source: "people", destination: "warehouse", prefix: "raw_" };
  const adopting = await faulty.up();
  expect(adopting.code).not.toBe(0);
  expect(adopting.text).toContain(`adopt: source ${before["Source/users"]} is in this stack already`);
  expect(faulty.ids()).toEqual(before);

  declared.sources.people = { ...faker(), name: "users" };
  await faulty.inject({ next: [{ method: "POST", path: "/public/v1/sources$", drop: "after" }] });
  const run = await faulty.up();
  expect(run.code, run.text).toBe(0);
  expect(await faulty.unmet()).toEqual([]);
  const after = faulty.ids();
  expect(after["Source/people"]).not.toBe(before["Source/users"]);
  const called = (await faulty.onServer("sources")).filter(({ name }) => name === "users");
  expect(called.map(({ sourceId }) => sourceId)).toEqual([after["Source/people"]]);

  // Pulumi's own command gives the state the new name first.
  const { urn } = (await project.resources()).find((resource) => resource.urn.endsWith("::orders-to-warehouse"))!;
  await project.must("state", "rename", urn, "orders-to-lake", "--yes", "--stack", "dev");
  delete declared.connections["orders-to-warehouse"];
  declared.connections["orders-to-lake"] = { source: "orders", destination: "warehouse" };
  expect((await faulty.up()).text).toMatch(/1 updated/);
  expect(faulty.ids()["Connection/orders-to-lake"]).toBe(before["Connection/orders-to-warehouse"]);
  expect((await faulty.onServer("connections")).map(({ name }) => name).sort()).toEqual([
    "orders-to-lake",
    "users-to-warehouse",
  ]);
  await project.up("--refresh", "--expect-no-changes");
  faulty.nothingSecretShown();
});
