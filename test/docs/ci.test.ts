import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mistakesIn } from "./command-line.ts";
import { projectDir } from "./pages.ts";

const folder = join(projectDir, "examples/ci");
const workflows = readdirSync(join(folder, "github"));
const text = (file: string) => readFileSync(join(folder, file), "utf8");

interface Job {
  permissions?: Record<string, string>;
  steps: { uses?: string; run?: string; env?: object; with?: object }[];
}
interface Workflow {
  permissions: object;
  concurrency: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, Job>;
}

describe.each(workflows)("github/%s", (file) => {
  const workflow = parse(text(`github/${file}`)) as Workflow;
  const jobs = Object.values(workflow.jobs);

  test("is a workflow to GitHub's own parser", () => {
    expect(faults(text(`github/${file}`))).toEqual([]);
    expect(faults(text(`github/${file}`).replace("runs-on", "run-on"))).not.toEqual([]);
    expect(faults(text(`github/${file}`).replace("${{ vars.", "${{ var."))).not.toEqual([]);
  });

  test("grants by the job, pins actions by commit, and leaves no token in the checkout", () => {
    expect(workflow.permissions).toEqual({});
    for (const { permissions, steps } of jobs) {
      expect(permissions).toMatchObject({ contents: "read", "id-token": "write" });
      for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(steps[0]?.with).toEqual({ "persist-credentials": false });
    }
    expect(text(`github/${file}`)).not.toContain("secrets.");
  });
});

function faults(content: string): string[] {
  const { context } = parseWorkflow({ name: "workflow.yml", content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

test("two ups of GitHub never run at once, and none is cut off", () => {
  expect((parse(text("github/up.yml")) as Workflow).concurrency).toEqual({
    group: "up-prod",
    "cancel-in-progress": false,
  });
});

test("pull requests from forks are left out on GitHub and GitLab", () => {
  expect(text("github/preview.yml")).toContain(
    "if: github.event.pull_request.head.repo.full_name == github.repository",
  );
  expect(text("github/preview.yml")).not.toContain("pull_request_target");
  expect(text("gitlab/.gitlab-ci.yml")).toContain("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID");
});

describe("gitlab/.gitlab-ci.yml", () => {
  const file = parse(text("gitlab/.gitlab-ci.yml")) as Record<string, { resource_group?: string; script?: string[] }>;

  test("has jobs of keywords that GitLab knows", () => {
    const ofTheFile = ["workflow", "default", "variables"];
    const jobs = Object.entries(file).filter(([name]) => !ofTheFile.includes(name));
    expect(jobs.map(([name]) => name)).toEqual([".as-a-role", "preview", "up", "drift"]);
    const keywords =
      "before_script environment extends id_tokens interruptible resource_group rules script timeout variables".split(
        " ",
      );
    expect(jobs.flatMap(([, job]) => Object.keys(job)).filter((key) => !keywords.includes(key))).toEqual([]);
  });

  test("two ups never run at once", () => {
    expect(file.up?.resource_group).toBe("up-prod");
  });
});

test("the recipes use commands and options that exist", () => {
  const github = workflows.flatMap((name) => {
    const { jobs } = parse(text(`github/${name}`)) as Workflow;
    return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  });
  const gitlab = parse(text("gitlab/.gitlab-ci.yml")) as Record<string, { script?: string[] }>;
  const lines = [...github, ...Object.values(gitlab).flatMap(({ script }) => script ?? [])];
  expect(lines.flatMap((line) => mistakesIn(line, new Set()))).toEqual([]);
});
