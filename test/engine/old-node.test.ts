import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { Project } from "./project.ts";

/** The folder of a Node that can't read TypeScript, if this machine has one. */
function oldNode(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => existsSync(join(folder, "node")));
  return folders.find((folder) => {
    const version = execFileSync(join(folder, "node"), ["-p", "process.versions.node"]).toString();
    return Number(version.split(".")[0]) < 22;
  });
}

test("a program started by too old a Node says so in one sentence", async (context) => {
  const folder = oldNode();
  if (folder === undefined) return context.skip("needs a Node older than 22 on the PATH");
  const project = await Project.create();
  const path = `${folder}${delimiter}${process.env.PATH ?? ""}`;
  const run = await project.pulumi(["preview", "--stack", "dev"], { env: { PATH: path } });
  expect(run.code).not.toBe(0);
  expect(run.text).toMatch(/needs Node 22\.19|Node 22\.19 or newer/);
  expect(run.text).not.toContain("Unknown file extension");
});
