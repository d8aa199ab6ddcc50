import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, Project, type ResourceState } from "./project.ts";

const STATE = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json";

let project: Project;
let clean: (() => Promise<void>) | undefined;
beforeAll(async () => {
  project = await Project.create({ afterwards: (given) => (clean = given) });
  await project.up();
});
afterAll(() => clean?.());

/** The state as text, and back. */
const read = () => readFileSync(join(project.dir, STATE), "utf8");

test("a resource of a kind that only a newer version of this project knows stops the run in a sentence, and stays", async () => {
  const before = read();
  const state = JSON.parse(before) as { checkpoint: { latest: { resources: ResourceState[] } } };
  const known = state.checkpoint.latest.resources.find(({ type }) => type.endsWith(":EmbeddedServer"));
  const newer = JSON.stringify(known)
    .replaceAll("EmbeddedServer", "Teleporter")
    .replaceAll("embedded-server", "teleporter");
  state.checkpoint.latest.resources.push({ ...(JSON.parse(newer) as ResourceState), id: "t-1" });
  project.write(STATE, JSON.stringify(state));

  for (const command of ["refresh", "up"]) {
    const { code, text } = await project.pulumi([command, "--yes", "--skip-preview", "--stack", "dev"]);
    expect(code).not.toBe(0);
    expect(text).toContain('knows no resource of the kind "teleporter": a newer one made it');
    expect(text).toContain("Next step: bring the project up to date");
    expect(text).not.toMatch(/^\s+at /m);
  }
  expect(Object.keys(await project.ids())).toContain("Teleporter/airbyte");
  project.write(STATE, before);
});

test("a state that a newer Pulumi has written is named as one, with what to do", async () => {
  const before = read();
  project.write(STATE, before.replace(/"version": ?\d+/, '"version": 99'));
  const run = await command(project, "preview", ["--non-interactive"]);
  project.write(STATE, before);
  expect(run.code).not.toBe(0);
  expect(run.text).toMatch(
    /The state of the stack "dev" was written by a newer Pulumi \(its format is 99; Pulumi \S+ reads up to 4\): install that Pulumi/,
  );
});
