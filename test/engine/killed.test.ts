import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ensureRunning } from "../../embedded/index.ts";
import { providersOf } from "./processes.ts";
import { finish, Project } from "./project.ts";
import { FAKER } from "./sample.ts";

const COUNT = 60;
const PIPELINES = `sources:\n  "s-\${each}":\n    forEach: [${Array.from({ length: COUNT }, (_, i) => i).join(", ")}]\n    definitionId: ${FAKER}\n    configuration: { count: 1 }\n`;

test("SIGKILL in the middle of 60 creates, then up: 60 objects, no duplicate, and no process is left behind", async () => {
  const project = await Project.create({ pipelines: PIPELINES });
  await project.must("config", "set", "--path", "embedded.faults", "true");
  await project.must("config", "set", "--path", "embedded.connectors", "simulated");
  await ensureRunning(project.dataDir, { faults: true });
  await project.byHand("POST", "/faults", { latencyMs: 300 });

  const child = project.spawn(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  const ended = finish(child);
  while ((await project.onServer("sources")).length < COUNT / 4) await sleep(100);
  process.kill(child.pid!, "SIGKILL");
  await ended;
  const orphan = await providerOf(project);
  await project.byHand("DELETE", "/faults");
  const before = (await project.onServer("sources")).length;
  expect(before).toBeLessThan(COUNT);

  await project.must("cancel", "--yes", "--stack", "dev");
  await project.up();
  const names = (await project.onServer("sources")).map((source) => source.name as string);
  expect(names).toHaveLength(COUNT);
  expect(new Set(names).size).toBe(COUNT);
  expect((await project.up()).text).toMatch(new RegExp(`${COUNT + 3} unchanged`));
  expect(orphan).toEqual([]);
});

test.each([
  ["its provider, before it has called it", ["up"], () => true],
  [
    "both of its providers, of which it never calls one until the program runs",
    ["up", "--refresh"],
    (project: Project) => providersOf(project).length > 1,
  ],
])("SIGKILL as soon as the engine has started %s: no process is left behind", async (_, [verb = "", ...more], due) => {
  const project = await Project.create({ pipelines: `sources:\n  s: { definitionId: ${FAKER} }\n` });
  if (more.length > 0) await project.up();
  const child = project.spawn([verb, "--yes", "--skip-preview", "--stack", "dev", ...more]);
  const ended = finish(child);
  while (child.exitCode === null && (providersOf(project).length === 0 || !due(project))) await sleep(5);
  process.kill(child.pid!, "SIGKILL");
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
  expect(await providerOf(project)).toEqual([]);
});

// Give it the moment that its last answers take.
async function providerOf(project: Project): Promise<number[]> {
  for (let tries = 0; tries < 50 && providersOf(project).length > 0; tries++) await sleep(200);
  return providersOf(project);
}
