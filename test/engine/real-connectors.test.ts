import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stop } from "../../embedded/index.ts";
import { needsConnector } from "../embedded/connectors/real.ts";
import { command, Project } from "./project.ts";

const PIPELINES = `
sources:
  users: { connector: faker, check: true, configuration: { count: 5 } }
  fixed: { connector: hardcoded-records, configuration: { count: 5 } }
`;

test("real connectors: preview checks against their own specs, and check: true lets them connect", async (context) => {
  await needsConnector(context, "source-faker", "source-hardcoded-records");
  const project = await Project.create({ pipelines: PIPELINES, connectors: "auto" });
  await project.up();
  const resources = await project.resources();
  const version = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs?.connectorVersion;
  expect([version("users"), version("fixed")]).toEqual(["7.2.1", "0.0.48"]);

  // Of hardcoded-records nothing but its own program knows the spec.
  for (const connector of ["hardcoded-records", "faker, check: true"]) {
    const right = `${connector}, configuration: { count: 5 }`;
    const wrong = `${connector}, configuration: { count: many }`;
    project.edit("pipelines.yaml", right, wrong);
    const refused = await project.pulumi(["preview", "--stack", "dev"]);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("configuration.count: expected integer, found string");
    project.edit("pipelines.yaml", wrong, right);
  }

  // The spec needs no count, and the connector itself does.
  project.edit("pipelines.yaml", "check: true, configuration: { count: 5 }", "check: true, configuration: { seed: 7 }");
  await project.must("preview", "--stack", "dev");
  const refused = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toMatch(/source "users" does not connect: .*count/);
});

test(
  "rows in DuckDB are where pipelines.yaml says, and npm run rows shows them after the server was stopped",
  { timeout: 900_000 },
  async (context) => {
    await needsConnector(context, "source-faker", "pyairbyte");
    const pipelines = `
sources: { shop: { connector: faker, configuration: { count: 5, seed: 1 } } }
destinations: { lake: { connector: duckdb, configuration: { destination_path: /local/lake.duckdb } } }
connections:
  shop-to-lake:
    source: shop
    destination: lake
    streams: [{ name: users, syncMode: incremental_deduped_history }]
    sync: { onCreate: true, timeout: 10m }
`;
    const project = await Project.create({ pipelines, connectors: "real" });
    await project.up();
    expect(readdirSync(join(project.dataDir, "local"))).toEqual(["lake.duckdb"]);
    await stop(project.dataDir);
    const shown = await command(project, "rows", []);
    expect(shown.text).toMatch(/shop-to-lake +users +5 /);
  },
);
