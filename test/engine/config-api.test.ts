import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEmbeddedServer } from "../../embedded/server.ts";
import { Project } from "./project.ts";
import { FAKER, POSTGRES } from "./sample.ts";

const PIPELINES = `
sources:
  users: { connector: faker, configuration: { count: 5 } }
destinations:
  warehouse:
    definitionId: ${POSTGRES}
    configuration: { host: h, port: 5432, database: d, schema: s, username: u, password: "\${secret:warehousePassword}" }
connections:
  users-to-warehouse:
    source: users
    destination: warehouse
    schedule: { cron: "0 0 6 * * ?" }
    namespaceDefinition: custom_format
    namespaceFormat: x_\${SOURCE_NAMESPACE}
    nonBreakingSchemaUpdatesBehavior: disable_connection
    streams: [{ name: users, syncMode: incremental_deduped_history }]
`;

test("a server that has the older config API alone, with Basic authentication: found out by asking, the same life", async () => {
  const server = await createEmbeddedServer({
    dataDir: mkdtempSync(join(tmpdir(), "airbyte-")),
    publicApi: false,
    basicAuth: true,
  });
  onTestFinished(() => server.close());
  const project = await Project.create({ pipelines: PIPELINES, connectors: null });
  for (const [key, value] of Object.entries({
    target: "existing",
    url: server.url,
    auth: "basic",
    basicUsername: server.clientId,
  })) {
    await project.must("config", "set", key, value);
  }
  await project.setSecret("basicPassword", server.clientSecret);
  await project.setSecret("warehousePassword", "the-warehouse-pa55word");

  expect((await project.up()).text).toMatch(/5 created/);
  expect((await project.up()).text).toMatch(/5 unchanged/);
  const users = (await project.resources()).find(({ urn }) => urn.endsWith("::users"));
  expect(users?.outputs).toMatchObject({ definitionId: FAKER });
  expect((await project.refresh()).text).toMatch(/5 unchanged/);
  project.edit("pipelines.yaml", "count: 5", "count: 6");
  project.edit("pipelines.yaml", "0 0 6", "0 0 7");
  expect((await project.up()).text).toMatch(/2 updated/);
  expect((await project.refresh()).text).toMatch(/5 unchanged/);
  expect((await project.must("stack", "export", "--stack", "dev")).text).not.toContain("the-warehouse-pa55word");
  await project.destroy();
  expect(await project.resources()).toEqual([]);
});
