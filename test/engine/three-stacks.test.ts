import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsOf, ownCommand } from "../docs/pages.ts";
import { connectCommand, projectDir, pulumiCommand } from "../scripts/modules.ts";
import { Project } from "./project.ts";

const EXAMPLE = "examples/three-stacks";

test("a stack that owns Airbyte, and two of pipelines in it: each has its own state, and all find the address by themselves", async () => {
  const project = new Project({ connectors: null, stack: "platform" });
  cpSync(join(projectDir, EXAMPLE), join(project.dir, EXAMPLE), { recursive: true });
  project.write("Pulumi.platform.yaml", "config:\n  airbyte-on-pulumi:embedded: { connectors: simulated }\n");
  const own = async (...args: string[]) => expect(await pulumiCommand.pulumi(project.dir, args, project.env)).toBe(0);
  const connect = (...args: string[]) => connectCommand.connect(project.dir, args, project.env);
  const type = async (line: string) => {
    const { name, args } = ownCommand(line);
    if (name === "connect") expect(await connect(...args)).toBe(0);
    else await own(...args, ...(line.startsWith("npm start") ? ["--yes"] : []));
  };

  const [init = "", ...rest] = commandsOf("docs/scale.md#many-stacks");
  await type(init);
  await expect(connect("--from", "platform", "--stack", "sales")).rejects.toThrow(
    'The stack "platform" has no Airbyte yet.\n  Next step: npm start -- --stack platform',
  );
  for (const line of rest) await type(line);
  const names = async () => (await project.onServer("connections")).map(({ name }) => name as string).sort();
  expect(await names()).toEqual(["finance-to-lake", "sales-to-lake"]);
  const { clientSecret } = JSON.parse(readFileSync(join(project.dataDir, "credentials.json"), "utf8")) as {
    clientSecret: string;
  };
  expect(readFileSync(join(project.dir, "Pulumi.sales.yaml"), "utf8")).toContain(
    "airbyte-on-pulumi:platform: platform",
  );
  const state = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/sales.json";
  for (const file of ["Pulumi.sales.yaml", ".airbyte/sales/Pulumi.sales.yaml", state])
    expect(readFileSync(join(project.dir, file), "utf8")).not.toContain(clientSecret);

  // Airbyte moves: the stacks of pipelines follow, and change nothing in it.
  const ids = async () => (await project.onServer("connections")).map(({ connectionId }) => connectionId).sort();
  const before = await ids();
  const url = async () => (await project.must("stack", "output", "airbyteUrl", "--stack", "platform")).stdout.trim();
  const [old, port] = [await url(), "18765"];
  await own("config", "set", "--path", "embedded.port", port, "--stack", "platform");
  await own("up", "--yes", "--stack", "platform");
  expect(await url()).not.toBe(old);
  for (const stack of ["sales", "finance"]) await own("up", "--yes", "--stack", stack);
  expect(await ids()).toEqual(before);

  await own("destroy", "--yes", "--stack", "sales");
  expect(await names()).toEqual(["finance-to-lake"]);
  await own("destroy", "--yes", "--stack", "finance");
  await own("destroy", "--yes", "--stack", "platform");
});

test("connect says what is missing, and makes nothing then", async () => {
  const project = await Project.create();
  const connect = (...args: string[]) => connectCommand.connect(project.dir, args, project.env);
  await expect(connect("--stack", "sales")).rejects.toThrow("Say which stack owns the Airbyte");
  await expect(connect("--form", "dev", "--stack", "sales")).rejects.toThrow(
    "Unknown option '--form'; did you mean \"--from\"?",
  );
  await expect(connect("--from", "dev")).rejects.toThrow("dev can't live in its own Airbyte");
  await expect(connect("--from", "nowhere", "--stack", "sales")).rejects.toThrow('There is no stack "nowhere"');
  expect((await project.must("stack", "ls", "--json")).stdout).not.toContain("sales");
});
