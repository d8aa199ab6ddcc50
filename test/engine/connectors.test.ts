import { expect, test } from "vitest";
import { Project } from "./project.ts";
import { API } from "./sample.ts";

const PLAIN = "written-in-plain-s3cret";
const PIPELINES = `
sources:
  users: { connector: faker, configuration: { count: 5 } }
destinations:
  warehouse:
    connector: postgres
    configuration: { host: h, port: 5432, database: d, schema: public, username: u, password: ${PLAIN} }
`;

test("connectors by name, configurations checked at preview, secrets sealed although they are written in plain", async () => {
  const project = await Project.create({ pipelines: PIPELINES });

  // The first preview knows the connectors already, though the Airbyte is not there yet.
  project.edit("pipelines.yaml", "host: h, port: 5432", 'hots: h, port: "5432"');
  const before = await project.pulumi(["preview", "--stack", "dev"]);
  expect(before.code).not.toBe(0);
  expect(before.text).toContain("2 mistakes in pipelines.yaml:");
  expect(before.text).toMatch(
    /pipelines\.yaml:7:28 destinations\.warehouse\.configuration\.hots: .* did you mean `host`\?/,
  );
  expect(before.text).toMatch(/pipelines\.yaml:7:37 destinations\.warehouse\.configuration\.port: expected integer/);
  project.edit("pipelines.yaml", 'hots: h, port: "5432"', "host: h, port: 5432");
  expect((await project.must("preview", "--stack", "dev")).text).not.toContain("Airbyte is not there yet");
  const first = await project.up();
  expect(first.text).toMatch(/5 created/);
  const state = await project.must("stack", "export", "--stack", "dev");
  expect(state.text).not.toContain(PLAIN);
  const users = (await project.resources()).find(({ urn }) => urn.endsWith("::users"));
  expect(users?.outputs).toMatchObject({ definitionId: "dfd88b22-b603-4c3d-aad7-3701784586b1" });
  expect(users?.outputs?.connectorVersion).toMatch(/^\d+\.\d+\.\d+-simulated$/);

  // The second finds nothing to change.
  const second = await project.up();
  expect(second.text).toMatch(/5 unchanged/);
  expect((await project.must("stack", "export", "--stack", "dev")).text).not.toContain(PLAIN);

  // A misspelled key stops the preview, and names the right one.
  project.edit("pipelines.yaml", "host: h", "hots: h");
  const misspelled = await project.pulumi(["preview", "--stack", "dev"]);
  expect(misspelled.code).not.toBe(0);
  expect(misspelled.text).toContain("`hots` is not a property of postgres; did you mean `host`?");
  project.edit("pipelines.yaml", "hots: h", "host: h");

  // A connector that this Airbyte lacks.
  project.edit("pipelines.yaml", "connector: faker", "connector: fakr");
  const unknown = await project.pulumi(["preview", "--stack", "dev"]);
  expect(unknown.code).not.toBe(0);
  expect(unknown.text).toContain('this Airbyte has no source connector "fakr"; did you mean "faker"?');
  project.edit("pipelines.yaml", "connector: fakr", "connector: faker");

  // A changed secret shows as its place, without its value.
  project.edit("pipelines.yaml", PLAIN, "an0ther-s3cret");
  const changed = await project.must("preview", "--diff", "--stack", "dev");
  expect(changed.text).toContain('destination "warehouse": changed, value not shown: configuration.password');
  expect(changed.text).not.toContain(PLAIN);
  expect(changed.text).not.toContain("an0ther-s3cret");
  await project.up();

  // ${stored} keeps what Airbyte has, and says so.
  project.edit("pipelines.yaml", "an0ther-s3cret", '"${stored}"');
  await project.up();
  expect((await project.up()).text).toMatch(/5 unchanged/);
});

test("what exists is taken over, and a replacement never deletes what was taken over", async () => {
  const project = await Project.create({ pipelines: "sources: {}" });
  await project.up();
  const { workspaceId } = JSON.parse((await project.must("stack", "output", "--json")).stdout) as {
    workspaceId: string;
  };
  const made = await project.byHand<{ sourceId: string }>("POST", `${API}/sources`, {
    name: "users",
    workspaceId,
    configuration: { sourceType: "faker", count: 1 },
  });

  project.write("pipelines.yaml", `sources: { users: { connector: faker, adopt: true, configuration: { count: 2 } } }`);
  const preview = await project.must("preview", "--stack", "dev");
  expect(preview.text).toContain(
    `source "users" takes over ${made.sourceId} instead of creating, and changes configuration.count`,
  );
  await project.up();
  expect((await project.ids())["Source/users"]).toBe(made.sourceId);
  expect(await project.onServer("sources")).toHaveLength(1);
  expect((await project.up()).text).toMatch(/4 unchanged/);

  // By id, and the id stays in the file: another connector replaces it by a new one, and a forced replacement, which
  // would take over what it then deletes, is refused.
  project.edit("pipelines.yaml", "adopt: true", `adopt: ${made.sourceId}`);
  expect((await project.up()).text).toMatch(/4 unchanged/);
  const target = "urn:pulumi:dev::airbyte-on-pulumi::pulumi-nodejs:dynamic/airbyte:Source::users";
  const forced = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev", "--target-replace", target]);
  expect(forced.code).not.toBe(0);
  expect(forced.text).toContain(`source ${made.sourceId} is in this stack already`);
  expect(await project.onServer("sources")).toHaveLength(1);
  project.edit("pipelines.yaml", "connector: faker", "connector: pokeapi");
  project.edit("pipelines.yaml", "{ count: 2 }", "{ pokemon_name: ditto }");
  await project.up();
  const replaced = (await project.ids())["Source/users"];
  expect(replaced).not.toBe(made.sourceId);
  expect((await project.onServer("sources")).map((source) => source.sourceId)).toEqual([replaced]);
});

test("a connection test that fails fails the up, keeps what was made, and the next up tests again", async () => {
  const project = await Project.create({ pipelines: "sources: {}" });
  await project.must("config", "set", "--path", "embedded.faults", "true");
  await project.must("config", "set", "--path", "embedded.connectors", "simulated");
  await project.up();
  await project.byHand("POST", "/faults", { checkError: "password authentication failed" });
  project.write("pipelines.yaml", "sources: { users: { connector: faker, check: true, configuration: { count: 2 } } }");
  const failed = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(failed.code).not.toBe(0);
  expect(failed.text).toContain('source "users" does not connect: password authentication failed');
  const [made] = await project.onServer("sources");
  await project.byHand("DELETE", "/faults");
  await project.up();
  expect((await project.onServer("sources")).map((source) => source.sourceId)).toEqual([made?.sourceId]);
  expect((await project.up()).text).toMatch(/4 unchanged/);
});
