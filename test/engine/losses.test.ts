import { expect, test } from "vitest";
import { PIPELINES, sampleProject } from "./sample.ts";

test("what would be lost is said in preview and up, and renamedFrom keeps ids and sync state", async () => {
  const project = await sampleProject();
  await project.up();
  const before = await project.ids();

  // A connection under another name: Pulumi deletes one and makes one.
  project.edit("pipelines.yaml", "  users-to-warehouse:", "  users-nightly:");
  const renamed = (await project.must("preview", "--stack", "dev")).text;
  expect(renamed).toMatch(/warning: connection "users-to-warehouse" is deleted and "users-nightly" made/);
  expect(renamed).toContain("renamedFrom: users-to-warehouse");
  expect(renamed).not.toContain('connection "orders-to-warehouse"');

  // The same, said; a source too, whose connection names it by its new name.
  project.edit("pipelines.yaml", "  users-nightly:", "  users-nightly:\n    renamedFrom: users-to-warehouse");
  project.edit("pipelines.yaml", "  users:\n", "  people:\n    renamedFrom: users\n");
  project.edit("pipelines.yaml", "source: users", "source: people");
  const kept = (await project.must("preview", "--stack", "dev")).text;
  expect(kept).not.toContain("warning: connection");
  expect(kept).not.toMatch(/to (create|delete|replace)/);
  const run = await project.up();
  expect(run.text).not.toContain("warning: connection");
  const after = await project.ids();
  expect(after["Connection/users-nightly"]).toBe(before["Connection/users-to-warehouse"]);
  expect(after["Source/people"]).toBe(before["Source/users"]);
  await project.must("preview", "--expect-no-changes", "--stack", "dev");

  // Without an entry: an up on an embedded Airbyte shows no preview, and says it all the same.
  const text = PIPELINES.slice(0, PIPELINES.indexOf("connections:"));
  project.write("pipelines.yaml", text.replace("  users:\n", "  people:\n    renamedFrom: users\n"));
  const deletion = await project.up();
  expect(deletion.text).toMatch(/warning: connection "users-nightly" is deleted, and its sync state is lost/);
  expect(deletion.text).toMatch(/warning: connection "orders-to-warehouse" is deleted/);
  await project.destroy();
});
