import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connectCommand, projectDir, pulumiCommand } from "../scripts/modules.ts";
import { Project } from "./project.ts";

const EXAMPLE = "examples/three-stacks";

test("a stack that owns Airbyte, and two of pipelines in it: each has its own state, and all find the address by themselves", async () => {
  const project = await Project.create({ connectors: null });
  cpSync(join(projectDir, EXAMPLE), join(project.dir, EXAMPLE), { recursive: true });
  const own = async (...args: string[]) => expect(await pulumiCommand.pulumi(project.dir, args, project.env)).toBe(0);
  await own("config", "set", "pipelines", `${EXAMPLE}/platform.yaml`);
  await own("config", "set", "--path", "embedded.connectors", "simulated");
  const early = connectCommand.connect(project.dir, ["--from", "dev", "--stack", "sales"], project.env);
  await expect(early).rejects.toThrow("The stack dev has no Airbyte yet: npm start -- --stack dev");
  await own("up", "--yes");

  for (const stack of ["sales", "finance"]) {
    expect(await connectCommand.connect(project.dir, ["--from", "dev", "--stack", stack], project.env)).toBe(0);
    await own("config", "set", "pipelines", `${EXAMPLE}/${stack}.yaml`, "--stack", stack);
    await own("up", "--yes", "--stack", stack);
  }
  const names = async () => (await project.onServer("connections")).map(({ name }) => name as string).sort();
  expect(await names()).toEqual(["finance-to-lake", "sales-to-lake"]);
  const { clientSecret } = JSON.parse(readFileSync(join(project.dataDir, "credentials.json"), "utf8")) as {
    clientSecret: string;
  };
  expect(readFileSync(join(project.dir, "Pulumi.sales.yaml"), "utf8")).toContain("airbyte-on-pulumi:platform: dev");
  const state = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/sales.json";
  for (const file of ["Pulumi.sales.yaml", ".airbyte/sales/Pulumi.sales.yaml", state])
    expect(readFileSync(join(project.dir, file), "utf8")).not.toContain(clientSecret);

  // Airbyte moves: the stacks of pipelines follow, and change nothing in it.
  const ids = async () => (await project.onServer("connections")).map(({ connectionId }) => connectionId).sort();
  const before = await ids();
  const url = async () => (await project.must("stack", "output", "airbyteUrl", "--stack", "dev")).stdout.trim();
  const [old, port] = [await url(), "18765"];
  await own("config", "set", "--path", "embedded.port", port);
  await own("up", "--yes");
  expect(await url()).not.toBe(old);
  for (const stack of ["sales", "finance"]) await own("up", "--yes", "--stack", stack);
  expect(await ids()).toEqual(before);

  await own("destroy", "--yes", "--stack", "sales");
  expect(await names()).toEqual(["finance-to-lake"]);
  await own("destroy", "--yes", "--stack", "finance");
  await own("destroy", "--yes");
});

test("connect says what is missing, and makes nothing then", async () => {
  const project = await Project.create();
  const connect = (...args: string[]) => connectCommand.connect(project.dir, args, project.env);
  await expect(connect("--stack", "sales")).rejects.toThrow("Say which stack owns the Airbyte");
  await expect(connect("--form", "dev", "--stack", "sales")).rejects.toThrow(
    "Unknown option '--form'. Say which stack",
  );
  await expect(connect("--from", "dev")).rejects.toThrow("dev can't live in its own Airbyte");
  await expect(connect("--from", "nowhere", "--stack", "sales")).rejects.toThrow('There is no stack "nowhere"');
  expect((await project.must("stack", "ls", "--json")).stdout).not.toContain("sales");
});
