import { expect, test } from "vitest";
import { pulumiCommand } from "../scripts/modules.ts";
import { PIPELINES, sampleProject } from "./sample.ts";

const connection = /\n {2}orders-to-warehouse:[^]*$/;

test("in production a connection that leaves the file is kept and the run refused, until it says protect: false", async () => {
  const project = await sampleProject();
  await project.must("config", "set", "production", "true");
  await project.up();

  project.write("pipelines.yaml", PIPELINES.replace(connection, "\n"));
  const refused = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toMatch(/orders-to-warehouse" cannot be deleted\s+because it is protected/);
  expect(await project.onServer("connections")).toHaveLength(2);
  expect((await project.pulumi(["destroy", "--yes", "--skip-preview", "--stack", "dev"])).code).not.toBe(0);
  expect(await project.onServer("connections")).toHaveLength(2);

  project.write("pipelines.yaml", `${PIPELINES.trimEnd()}\n    protect: false\n`);
  await project.up();
  project.write("pipelines.yaml", PIPELINES.replace(connection, "\n"));
  expect((await project.up()).text).toMatch(/1 deleted/);
  expect((await project.onServer("connections")).map(({ name }) => name)).toEqual(["users-to-warehouse"]);

  // Without production, nothing is protected any longer.
  await project.must("config", "set", "production", "false");
  await project.up();
  await project.destroy();
  expect(await project.resources()).toEqual([]);
});

test("in production a connection is let go by its name: out of the file, and with the whole stack", async () => {
  const project = await sampleProject();
  await project.must("config", "set", "production", "true");
  await project.up();
  const own = (...args: string[]) => pulumiCommand.pulumi(project.dir, args, project.env);

  project.write("pipelines.yaml", PIPELINES.replace(connection, "\n"));
  await expect(own("up", "--yes", "--allow-unprotect", "orders-to-warehous")).rejects.toThrow(
    /protected is: .*orders-to-warehouse \(Connection\)/,
  );
  expect(await project.onServer("connections")).toHaveLength(2);
  expect(await own("up", "--yes", "--allow-unprotect", "orders-to-warehouse")).toBe(0);
  expect((await project.onServer("connections")).map(({ name }) => name)).toEqual(["users-to-warehouse"]);

  expect(await own("destroy", "--yes")).not.toBe(0);
  expect(await project.onServer("connections")).toHaveLength(1);
  const names = ["users-to-warehouse", "warehouse"].flatMap((name) => ["--allow-unprotect", name]);
  expect(await own("destroy", "--yes", ...names)).toBe(0);
  expect(await project.resources()).toEqual([]);
});
