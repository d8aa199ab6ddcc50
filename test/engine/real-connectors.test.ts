import { expect, test } from "vitest";
import { needsConnector } from "../embedded/connectors/real.ts";
import { Project } from "./project.ts";

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
  project.edit(
    "pipelines.yaml",
    "faker, check: true, configuration: { count: 5 }",
    "faker, configuration: { count: many }",
  );
  project.edit(
    "pipelines.yaml",
    "hardcoded-records, configuration: { count: 5 }",
    "hardcoded-records, configuration: { count: few }",
  );
  const wrong = await project.pulumi(["preview", "--stack", "dev"]);
  expect(wrong.code).not.toBe(0);
  for (const name of ["faker", "hardcoded-records"])
    expect(wrong.text).toContain(`configuration.count: expected integer, found string`);

  // The spec needs no count, and the connector itself does.
  project.edit(
    "pipelines.yaml",
    "faker, configuration: { count: many }",
    "faker, check: true, configuration: { seed: 7 }",
  );
  project.edit("pipelines.yaml", "count: few", "count: 5");
  await project.must("preview", "--stack", "dev");
  const refused = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toMatch(/source "users" does not connect: .*count/);
});
