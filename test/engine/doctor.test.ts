import { expect, test } from "vitest";
import { start } from "../embedded/start.ts";
import { command, Project } from "./project.ts";
import { FAKER } from "./sample.ts";

const PIPELINES = `sources: { users: { definitionId: ${FAKER}, configuration: { count: 1 } } }\n`;
/** `npm run doctor` as it is once the set-up is done. */
const doctor = (project: Project, env = {}) => command(project, "doctor", [], { env });

test("the doctor says before the first up what the machine and the stack are like, and makes neither stack nor server", async () => {
  const project = new Project({ pipelines: PIPELINES });
  const { code, text } = await doctor(project);
  expect(text).toMatch(/^ok {4}Node {10}\d+\./m);
  expect(text).toMatch(/^ok {4}Pulumi {8}v?\d+\./m);
  expect(text).toMatch(/^info {2}Python /m);
  expect(text).toContain("dev is not made yet in file://./.pulumi-state; npm start makes it");
  expect(text).toContain("ok    configuration stack dev, target embedded");
  expect(text).toContain("not made yet; npm start makes and starts it");
  expect(text).toContain("Nothing is wrong.");
  expect(code).toBe(0);
  expect((await project.pulumi(["stack", "ls", "--json"])).stdout.trim()).toBe("[]");
});

test("the doctor gets the stack's secrets from pulumi, keeps to the stack's workspace, and ends with 1 where one is wrong", async () => {
  const server = await start();
  const project = await Project.create({ pipelines: PIPELINES, connectors: null });
  await project.must("config", "set", "target", "existing");
  await project.must("config", "set", "url", server.url);
  await project.must("config", "set", "clientId", server.clientId);
  await project.setSecret("clientSecret", server.clientSecret);
  const before = await doctor(project);
  expect(before.text).toContain(`ok    workspace     ${server.workspaceId}`);
  expect(before.code).toBe(0);

  await project.up();
  await server.call("POST", "/workspaces", { name: "Of a colleague" });
  expect((await doctor(project)).text).toContain(`ok    workspace     ${server.workspaceId}`);

  await project.setSecret("clientSecret", "the-wrong-secret");
  const wrong = await doctor(project);
  expect(wrong.text).toContain("To mend: token.");
  expect(wrong.code).toBe(1);
  for (const { text } of [before, wrong]) {
    expect(text).not.toContain(server.clientSecret);
    expect(text).not.toContain("the-wrong-secret");
  }
});

test("the doctor says so where the passphrase isn't the stack's", async () => {
  const project = await Project.create({ pipelines: PIPELINES });
  await project.setSecret("password", "s3cret");
  const run = await doctor(project, { PULUMI_CONFIG_PASSPHRASE: "another" });
  expect(run.code).toBe(1);
  expect(run.text).toContain("was made with another passphrase");
});
