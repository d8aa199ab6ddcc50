import { expect, test } from "vitest";
import { command, finish } from "../project.ts";
import { faker, Faulty, sample, until } from "./faults.ts";

test("a second up at the same time is told that the stack is locked, and what to do; the first one finishes", async () => {
  const declared = sample();
  for (let i = 0; i < 20; i++) declared.sources[`source-${i}`] = faker(i + 1);
  const faulty = await Faulty.embedded(declared);
  const { project } = faulty;
  await faulty.inject({ latencyMs: 300 });
  faulty.write();
  const child = project.spawn(["up", "--yes", "--skip-preview", "--parallel", "1", "--stack", "dev"]);
  let over = false;
  const first = finish(child).finally(() => (over = true));
  await until(() => project.said.includes(" creating ("));
  await faulty.inject({ latencyMs: 4_000 }); // The first one is busy until both have been refused.

  const plain = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  const byCommand = await command(project, "up", ["--yes", "--non-interactive", "--color", "never"]);
  expect(over).toBe(false); // Else neither was refused because of the first.
  for (const refused of [plain, byCommand]) {
    expect(refused.code, refused.text).not.toBe(0);
    expect(refused.text).toContain("the stack is currently locked by 1 lock(s)");
  }
  expect(byCommand.text).toContain(
    'The stack "dev" is locked: another run is under way; if none is: npm run pulumi -- cancel',
  );

  await faulty.calm();
  const run = await first;
  expect(run.code, run.text).toBe(0);
  await faulty.settled();
});
