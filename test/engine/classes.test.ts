import { expect, test } from "vitest";
import { Project } from "./project.ts";
import { FAKER, POSTGRES } from "./sample.ts";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { embedded } from "@checkout/infra/targets/index.ts";
import { Connection, DefaultWorkspace, Destination, Source } from "@checkout/providers/airbyte/index.ts";

const target = embedded({ target: "embedded", stateDir: ".airbyte/dev", pipelines: "", embedded: { connectors: "simulated" } });
const airbyte = { ...target.airbyte, workspaceId: new DefaultWorkspace("workspace", target.airbyte).workspaceId };
const count = new pulumi.Config().getNumber("count") ?? 1;

const source = new Source("source", { airbyte, definitionId: "${FAKER}", configuration: { count } });
const destination = new Destination("destination", {
  airbyte,
  definitionId: "${POSTGRES}",
  configuration: { host: "h", port: 5432, database: "d", schema: "s", username: "u", password: pulumi.secret("hidden-password") },
});
new Connection("by-resource", { airbyte, source, destination });
new Connection("by-id", { airbyte, source: source.id, destination: destination.id });
new Connection("by-getter", { airbyte, source: source.sourceId, destination: destination.destinationId });
new Connection("by-output", { airbyte, source: pulumi.output(source), destination: pulumi.output(destination) });
export const ids = [source.sourceId, destination.destinationId];
`;

test("editing a source shows exactly one update, whichever way connections refer to it", async () => {
  const project = await Project.create({ program: PROGRAM });
  expect((await project.up()).text).toMatch(/9 created/);
  await project.must("config", "set", "count", "2");
  expect(await project.preview()).toEqual([
    { op: "update", type: "Source", name: "source", fields: ["configuration.count"] },
  ]);
  expect((await project.up()).text).toMatch(/1 updated\n\s+8 unchanged/);
});

test("inputs that are wrong stop the preview, all of a resource at once and without a stack trace", async () => {
  const program = PROGRAM.replace(`definitionId: "${FAKER}"`, `definitionId: "faker", name: " "`);
  const project = await Project.create({ program });
  const run = await project.pulumi(["preview", "--stack", "dev"]);
  expect(run.code).not.toBe(0);
  expect(run.text).toContain('definitionId: expected a UUID; found "faker"');
  expect(run.text).toContain("name: the text is empty");
  expect(run.text).not.toMatch(/^\s+at /m);
});

test("Airbyte's mask in place of a secret stops the preview", async () => {
  const project = await Project.create({ program: PROGRAM.replace('"hidden-password"', '"**********"') });
  const run = await project.pulumi(["preview", "--stack", "dev"]);
  expect(run.code).not.toBe(0);
  expect(run.text).toContain("configuration.password: is Airbyte's mask");
});

test("nothing is imported: the option is refused in a sentence that names adopt; the CLI's own command fails before our code is loaded", async () => {
  const program = PROGRAM.replace(
    "configuration: { count } });",
    `configuration: { count } }, { import: "${FAKER}" });`,
  );
  const project = await Project.create({ program });
  const option = await project.pulumi(["preview", "--stack", "dev"]);
  expect(option.code).not.toBe(0);
  expect(option.text).toContain(`Source "source": Pulumi's dynamic resources can't be imported.`);
  expect(option.text).not.toMatch(/^\s+at /m);

  const command = ["import", "pulumi-nodejs:dynamic/airbyte:Source", "source", FAKER, "--yes", "--stack", "dev"];
  expect((await project.pulumi(command)).text).toContain("code must be a string, not undefined");
});
