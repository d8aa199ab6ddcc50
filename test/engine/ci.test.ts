import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ensureRunning } from "../../embedded/index.ts";
import { Checkout } from "../docs/checkout.ts";
import { blocksOf, projectDir } from "../docs/pages.ts";
import { neverPrinted } from "../docs/shown.ts";
import { PullRequests } from "../doubles/pull-requests.ts";
import { byHandAt } from "./by-hand.ts";
import { PIPELINES, SECRETS } from "./sample.ts";
import type { Run } from "./project.ts";

const read = (file: string) => parse(readFileSync(join(projectDir, "examples/ci", file), "utf8")) as unknown;

interface Workflow {
  jobs: Record<string, { steps: { name?: string; run?: string }[] }>;
}

/** The commands of a job, one shell each, as GitHub and GitLab run them. */
type Recipe = (job: "preview" | "up" | "drift") => string[];

const github: Recipe = (job) => {
  const { jobs } = read(`github/${job}.yml`) as Workflow;
  return Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
};

const gitlab: Recipe = (job) => {
  const file = read("gitlab/.gitlab-ci.yml") as Record<string, { before_script: string[]; script: string[] }>;
  return [[...(file[".as-a-role"]?.before_script ?? []), ...(file[job]?.script ?? [])].join("\n")];
};

const requests = new PullRequests("token-for-comments");
const checkout = new Checkout("prod");
let ci: NodeJS.ProcessEnv;

beforeAll(async () => {
  const url = await requests.start();
  ci = {
    CI: "true",
    PULUMI_SKIP_CONFIRMATIONS: "false",
    STACK: "prod",
    PULUMI_BACKEND_URL: `file://${checkout.dir}/.pulumi-state?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "in place of the key service",
    AWS_TOKEN: "signed-by-gitlab",
    AWS_WEB_IDENTITY_TOKEN_FILE: join(checkout.dir, ".airbyte/aws-token"),
  };
  Object.assign(onGitHub, { GITHUB_API_URL: url });
  Object.assign(onGitLab, { CI_API_V4_URL: url });
  checkout.write("pipelines.yaml", pipelines);
  await checkout.must("npm run pulumi -- stack init prod", { env: ci });
  for (const [name, value] of Object.entries(SECRETS))
    await checkout.must(`npm run pulumi -- config set --secret ${name} --stack prod`, { input: value, env: ci });
});

afterAll(async () => {
  requests.stop();
  await checkout.close();
});

const onGitHub: NodeJS.ProcessEnv = {
  GITHUB_ACTIONS: "true",
  GITHUB_REPOSITORY: "me/pipelines",
  GITHUB_REF: "refs/pull/12/merge",
  GITHUB_TOKEN: "token-for-comments",
};
const onGitLab: NodeJS.ProcessEnv = {
  GITLAB_CI: "true",
  CI_PROJECT_ID: "7",
  CI_MERGE_REQUEST_IID: "12",
  COMMENT_TOKEN: "token-for-comments",
};

const both = [
  ["GitHub", github, onGitHub],
  ["GitLab", gitlab, onGitLab],
] as const;

/** Runs a job to its end; what failed first is what came of it, as there. */
async function run(recipe: Recipe, job: "preview" | "up" | "drift", env: NodeJS.ProcessEnv): Promise<Run> {
  let last: Run | undefined;
  for (const script of recipe(job)) {
    const done = await checkout.type(script, { input: "", env: { ...ci, ...env } });
    if (last === undefined || last.code === 0) last = done;
  }
  return last!;
}

let pipelines = PIPELINES;

function edit(from: string, to: string): void {
  pipelines = pipelines.replace(from, to);
  checkout.write("pipelines.yaml", pipelines);
}

describe("the recipes", () => {
  test("up makes what is declared, with nobody there to ask", async () => {
    const up = await run(github, "up", onGitHub);
    expect(up.text).toMatch(/\+ \d+ created/);
    expect(up.code).toBe(0);
  });

  test.each(both)("a preview is one comment on %s, which the next push updates", async (_, recipe, env) => {
    requests.comments.length = 0;
    edit("prefix: raw_", "prefix: new_");
    expect((await run(recipe, "preview", env)).code).toBe(0);
    edit("prefix: new_", "prefix: newer_");
    expect((await run(recipe, "preview", env)).code).toBe(0);
    edit("prefix: newer_", "prefix: raw_");
    expect(requests.comments).toHaveLength(1);
    expect(requests.comments[0]?.body).toMatch(/prefix\s*: "raw_" => "newer_"/);
    expect(requests.comments[0]?.body).toContain("1 to update");
  });

  test("a preview that fails says why in the comment, and fails the job", async () => {
    edit("source: users", "source: userz");
    for (const [, recipe, env] of both) {
      expect((await run(recipe, "preview", env)).code).not.toBe(0);
      expect(requests.comments.at(-1)?.body).toContain('did you mean "users"');
    }
    edit("source: userz", "source: users");
  });

  test("a night without drift is quiet; one with it fails and names the field, and repairs nothing", async () => {
    const quiet = await run(github, "drift", onGitHub);
    expect(quiet.code, quiet.text).toBe(0);
    const server = byHandAt(await ensureRunning(join(checkout.dir, ".airbyte/prod/embedded")));
    const { data } = await server<{ data: { connectionId: string; name: string; prefix: string }[] }>(
      "GET",
      "/api/public/v1/connections",
    );
    const { connectionId } = data.find(({ name }) => name === "users-to-warehouse")!;
    await server("PATCH", `/api/public/v1/connections/${connectionId}`, { prefix: "by_hand_" });
    const { data: all } = await server<{ data: { destinationId: string }[] }>("GET", "/api/public/v1/destinations");
    await server("PATCH", `/api/public/v1/destinations/${all[0]!.destinationId}`, {
      configuration: { host: "elsewhere" },
    });
    for (const [, recipe, env] of both) {
      const night = await run(recipe, "drift", env);
      expect(night.code, night.text).not.toBe(0);
      for (const shown of blocksOf("docs/ci.md#what-a-night-with-drift-looks-like", "text"))
        expect(neverPrinted(shown, night.text), night.text).toEqual([]);
      expect(night.text).toMatch(/host\s*: "db\.example\.com" => "elsewhere"/);
    }
    expect(await server("GET", `/api/public/v1/connections/${connectionId}`)).toMatchObject({ prefix: "by_hand_" });
    await checkout.must("npm start -- --stack prod --refresh", { env: ci });
    expect(await server("GET", `/api/public/v1/connections/${connectionId}`)).toMatchObject({ prefix: "raw_" });
  });

  test("no run and no comment holds a secret", () => {
    const everything = checkout.said + JSON.stringify(requests.comments);
    for (const secret of [
      ...Object.values(SECRETS),
      "token-for-comments",
      "signed-by-gitlab",
      "in place of the key service",
    ])
      expect(everything).not.toContain(secret);
  });
});
