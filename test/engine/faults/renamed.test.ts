import { expect, test } from "vitest";
import { Project } from "../project.ts";
import { API, FAKER, POSTGRES } from "../sample.ts";
import { ExistingAirbyte, onExisting } from "./existing.ts";
import { faker, sample } from "./faults.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { embedded } from "@checkout/infra/targets/embedded.ts";
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

test("an entry that is renamed in pipelines.yaml is made anew, once, although an answer is lost and Airbyte's name stays", async () => {
  const airbyte = await ExistingAirbyte.start();
  const faulty = await onExisting(airbyte.about, sample());
  const { project, declared } = faulty;
  await faulty.mended();
  const before = await project.ids();
  delete declared.sources.users;
  declared.sources.people = { ...faker(), name: "users" };
  declared.connections["users-to-warehouse"] = { source: "people", destination: "warehouse", prefix: "raw_" };
  await faulty.inject({ next: [{ method: "POST", path: "/public/v1/sources$", drop: "after" }] });
  const run = await faulty.up();
  expect(run.code, run.text).toBe(0);
  expect(await faulty.unmet()).toEqual([]);
  const after = await project.ids();
  expect(after["Source/people"]).not.toBe(before["Source/users"]);
  const sources = await faulty.byHand<{ data: { sourceId: string; name: string }[] }>("GET", `${API}/sources`);
  expect(sources.data.filter(({ name }) => name === "users").map(({ sourceId }) => sourceId)).toEqual([
    after["Source/people"],
  ]);
  expect(await faulty.onServer("connections")).toHaveLength(2);
  await project.up("--refresh", "--expect-no-changes");
  faulty.nothingSecretShown();
});
