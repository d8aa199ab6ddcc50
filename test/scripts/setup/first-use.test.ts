import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Checkout } from "./checkout.ts";
import { messages, project, temporaryFolder, write } from "../modules.ts";

describe("what the system refuses", () => {
  test.each([
    ["ENOSPC", /full: make room/],
    ["EROFS", /put the project into a folder that can be written/],
    ["EACCES", /This user may not do that there/],
    ["ENOENT", /put the project into a folder that can be written/], // a folder with all above it
  ])("is a sentence with what to do: %s", (code, expected) => {
    const error = Object.assign(new Error(`${code}: oh, mkdir '/x'`), { code, syscall: "mkdir", path: "/x" });
    expect(messages.systemErrorInWords(error)).toMatch(expected);
    expect(messages.systemErrorInWords(error)).toContain("mkdir '/x'");
  });

  test("names TMPDIR where that folder is missing, and is no excuse for mistakes of ours", () => {
    let missing: unknown;
    try {
      mkdtempSync("/nowhere/at/all-");
    } catch (error) {
      missing = error;
    }
    expect(messages.systemErrorInWords(missing)).toMatch(/^The folder for temporary files is missing .*: set TMPDIR/);
    expect(messages.systemErrorInWords(new TypeError("x is not a function"))).toBeUndefined();
  });

  test.runIf(process.platform === "linux")("ends a command without a stack trace", async () => {
    const checkout = new Checkout();
    checkout.env.XDG_CACHE_HOME = "/sys/kernel";
    checkout.pretendNode("20.20.2");
    const { code, stderr } = await checkout.run("up");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^E\w+: .* '\/sys\/kernel\/airbyte-on-pulumi'\n[^\n]*(?:can be written|may not)[^\n]*\n$/);
  });
});

describe("npm that fails", () => {
  test.each([
    ["npm error code ECONNREFUSED", "set HTTPS_PROXY"],
    ["npm error code ENOTFOUND", "set HTTPS_PROXY"],
    ["npm error code ENOSPC\nnpm error nospc There appears to be insufficient space", "make room"],
    ["npm error code SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"],
    ["npm error code EACCES\nnpm error permission denied", "This user may not"],
    ["npm error code EUSAGE", "Mend what npm names and run the same command again"],
  ])("is quoted, and then says what to do: %s", async (words, advice) => {
    const checkout = new Checkout();
    checkout.npmFails(words);
    const { code, stderr } = await checkout.run("doctor");
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^Installing the npm packages failed\. /);
    expect(stderr.trim().split("\n").at(-1)).toContain(advice);
  });

  test("while it fetches Node says so, and that another Node helps", async () => {
    const checkout = new Checkout();
    checkout.pretendNode("18.20.0");
    checkout.npmFails("npm error code ECONNREFUSED");
    const { code, stderr } = await checkout.run("up");
    expect(code).toBe(1);
    expect(stderr).toMatch(/needs Node 22\.19 or newer, this is Node 18\.20\.0, and fetching Node 24\S+ failed\./);
    expect(stderr).toContain("set HTTPS_PROXY");
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^Install Node 24 .* run the same command again\.$/);
  });
});

test("a Pulumi that can't be had without network says what was tried, and what to do", async () => {
  const checkout = new Checkout({ pulumi: false });
  rmSync(join(checkout.env.BIN ?? "", "go"));
  const { code, stderr } = await checkout.run("pulumi", "version");
  expect(code).toBe(1);
  expect(stderr).toContain("set HTTPS_PROXY");
  expect(stderr).toContain("install Pulumi 3.");
});

test("files of set-up that are cut off or broken are made anew, or named", async () => {
  const checkout = new Checkout();
  write(join(checkout.dir, "node_modules/.package-lock.json"), '{"packages": {');
  expect((await checkout.run("pulumi", "version")).code).toBe(0);

  write(join(checkout.dir, "package-lock.json"), "<<<<<<< HEAD\n");
  const { code, stderr } = await checkout.run("doctor");
  expect(code).toBe(1);
  expect(stderr).toBe(
    "package-lock.json is missing or can't be read: get it back (git checkout package-lock.json) and run the same command again.\n",
  );
});

describe("Pulumi.yaml", () => {
  test.each([
    ["with a mistake in it", "name: [\n"],
    ["without a name", "runtime: nodejs\n"],
  ])("%s is one sentence", async (_, text) => {
    const checkout = new Checkout();
    write(join(checkout.dir, "Pulumi.yaml"), text);
    const { code, stderr } = await checkout.run("preview");
    expect(code).toBe(1);
    expect(stderr).toContain("Pulumi.yaml can't be read: ");
    expect(stderr).toMatch(/git checkout Pulumi\.yaml\n$/);
    expect(stderr).not.toContain("    at ");
  });
});

test.each(["#", "?", "%"])("a folder with %s in its path, where Pulumi can't keep its state, is named", (odd) => {
  const dir = join(temporaryFolder(), `a${odd}b`);
  write(join(dir, "Pulumi.yaml"), "name: p\nbackend: { url: 'file://./.pulumi-state' }\n");
  expect(() => project.readProject(dir, {})).toThrow(
    `Pulumi can't keep its state under a path with "${odd}" in it: rename or move the folder`,
  );
  expect(project.readProject(dir, { PULUMI_BACKEND_URL: "s3://bucket" }).name).toBe("p");
});

test("npm start ends with what to do next, on the stack that it was about", async () => {
  const checkout = new Checkout();
  write(join(checkout.dir, "pipelines.yaml"), "sources: {}\n");
  const { stderr } = await checkout.run("up", "--stack", "trial");
  const lines = stderr.trim().split("\n");
  expect(lines.slice(lines.indexOf("Next:"))).toEqual([
    "Next:",
    expect.stringMatching(/^ {2}npm run open -- --stack trial {2,}the pipelines, .* in a browser$/),
    expect.stringMatching(/^ {2}npm run preview -- --stack trial {2,}after an edit of pipelines\.yaml/),
    expect.stringMatching(/^ {2}npm run pulumi -- stack output --stack trial {2,}addresses and ids$/),
    expect.stringMatching(/^ {2}npm run destroy -- --stack trial {2,}removes everything$/),
  ]);
});

test("rows of a stack without an embedded Airbyte say how to make it", async () => {
  const checkout = new Checkout();
  const { code, stderr } = await checkout.run("rows", "--stack", "nosuch");
  expect(code).toBe(1);
  expect(stderr.trim().split("\n").slice(-2)).toEqual([
    'The stack "nosuch" has no embedded Airbyte on this machine.',
    "  Next step: npm start -- --stack nosuch, which makes one where the stack's target is embedded",
  ]);
});

describe("options without the two dashes before them", () => {
  test.each([
    [["run", "destroy", "--stack", "trial"], "npm run destroy -- --stack"],
    [["run", "refresh", "--preview-only"], "npm run refresh -- --preview-only"],
    [["start", "--policy-pack=policy"], "npm start -- --policy-pack"],
    [["run", "pulumi", "config", "set", "--secret", "password"], "npm run pulumi -- --secret"],
  ])("are refused, since npm keeps them: npm %s", (args, right) => {
    const checkout = new Checkout();
    delete checkout.env.npm_execpath;
    const run = spawnSync("npm", args, { cwd: checkout.dir, env: checkout.env, encoding: "utf8" });
    expect(run.stderr).toContain(`options come after two dashes: ${right} …`);
    expect(run.status).toBe(2);
    expect(existsSync(join(checkout.dir, "node_modules"))).toBe(false);
  });
});
