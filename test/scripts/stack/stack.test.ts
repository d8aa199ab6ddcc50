import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fakeProgram, project, projectDir, stack, temporaryFolder, write } from "../modules.ts";
import type { Env } from "../modules.ts";

const plain = "# settings\nconfig:\n  p:a: one # why\n";
const salt = "v1:Jnh1vUOQl34=:v1:5AWb2NPkMpP38jyi:w1VPToMxQEh+veUZ+HXmvLY0L8TjSw=="; // made by pulumi for "abc"

/** A project, and a pulumi whose `stack init` does what the real one does to the files. */
function sample(): { dir: string; env: Env; calls: () => string[] } {
  const dir = join(temporaryFolder(), "with space");
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nbackend:\n  url: file://./.pulumi-state\n");
  write(join(dir, "Pulumi.dev.yaml"), plain);
  mkdirSync(join(dir, ".pulumi-state"));
  const bin = temporaryFolder();
  const log = join(bin, "calls");
  fakeProgram(
    bin,
    "pulumi",
    `echo "$*" >> "${log}"
[ "$2" = init ] || exit 0
grep -qs encryptionsalt "Pulumi.$3.yaml" || echo "encryptionsalt: ${salt}" >> "Pulumi.$3.yaml"
state="\${PULUMI_BACKEND_URL#file://}/.pulumi/stacks/p"
mkdir -p "$state" && echo '{"checkpoint":{"latest":{"secrets_providers":{"state":{"salt":"${salt}"}}}}}' > "$state/$3.json"`,
  );
  const env = { PATH: [bin, process.env.PATH].join(delimiter) };
  return { dir, env, calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []) };
}

describe("opening a stack", () => {
  test("makes it without touching a tracked file, and gives pulumi passphrase and settings", async () => {
    const { dir, env } = sample();
    const opened = await stack.openStack(project.readProject(dir, env), "dev", env, { create: true });

    expect(readFileSync(join(dir, "Pulumi.dev.yaml"), "utf8")).toBe(plain);
    expect(opened.settings).toEqual({ config: { "p:a": "one" }, encryptionsalt: salt });
    expect(opened.configFile).toBe(join(dir, ".airbyte", "dev", "Pulumi.dev.yaml"));
    expect(opened.env).toMatchObject({
      PULUMI_STACK: "dev",
      PULUMI_CONFIG_PASSPHRASE_FILE: join(dir, ".airbyte", "passphrase"),
    });
    expect(statSync(join(dir, ".airbyte", "passphrase")).mode & 0o777).toBe(0o600);
  });

  test("starts no program once it exists", async () => {
    const { dir, env, calls } = sample();
    const settings = project.readProject(dir, env);
    await stack.openStack(settings, "dev", env, { create: true });
    const before = calls().length;
    await stack.openStack(settings, "dev", env, { create: true });
    expect(calls()).toHaveLength(before);
  });

  test("is done once by two runs at the same time", async () => {
    const { dir, env, calls } = sample();
    const settings = project.readProject(dir, env);
    const [one, two] = await Promise.all([
      stack.openStack(settings, "dev", env, { create: true }),
      stack.openStack(settings, "dev", env, { create: true }),
    ]);
    expect(one.settings).toEqual(two.settings);
    expect(calls().filter((call) => call.startsWith("stack init"))).toHaveLength(1);
  });

  test("says how to make it where a missing one can't be meant", async () => {
    const { dir, env } = sample();
    await expect(stack.openStack(project.readProject(dir, env), "prdo", env, { create: false })).rejects.toThrow(
      'There is no stack "prdo" in file://./.pulumi-state. To make it: npm start -- --stack prdo, or empty: npm run pulumi -- stack init prdo --no-select',
    );
    await stack.openStack(project.readProject(dir, env), "prod", env, { create: true });
    await expect(stack.openStack(project.readProject(dir, env), "prdo", env, { create: false })).rejects.toThrow(
      'There is no stack "prdo" in file://./.pulumi-state (there are: prod). To make it:',
    );
  });

  test("uses a settings file with secrets in it as it is", async () => {
    const { dir, env } = sample();
    const managed = `config:\n  p:key:\n    secure: v1:x\nencryptionsalt: ${salt}\n`;
    write(join(dir, "Pulumi.dev.yaml"), managed);
    const opened = await stack.openStack(project.readProject(dir, env), "dev", env, { create: true });
    expect(opened.configFile).toBeUndefined();
    expect(readFileSync(join(dir, "Pulumi.dev.yaml"), "utf8")).toBe(managed);
  });

  test("asks pulumi about a stack on another backend, once", async () => {
    const { dir, env, calls } = sample();
    const remote = { ...env, PULUMI_BACKEND_URL: "s3://bucket" };
    const settings = project.readProject(dir, remote);
    await stack.openStack(settings, "dev", remote, { create: true });
    await stack.openStack(settings, "dev", remote, { create: true });
    expect(calls()).toEqual(["stack --stack dev --show-name --non-interactive"]);
  });
});

test("git ignores what the passphrase and the state are in", () => {
  const ignored = readFileSync(join(projectDir, ".gitignore"), "utf8").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".airbyte/", ".pulumi-state/*", ".env"]));
});

test("a backend that gives no answer is named without its password, and so is the variable that chose it", async () => {
  const { dir, env } = sample();
  fakeProgram((env.PATH ?? "").split(delimiter)[0] ?? "", "pulumi", 'echo "error: connection refused" >&2; exit 1');
  const remote = { ...env, PULUMI_BACKEND_URL: "postgres://me:s3cret@db/state" };
  const asked = stack.openStack(project.readProject(dir, remote), "dev", remote, { create: true });
  const message = String(await asked.catch((error: unknown) => error));
  expect(message).toContain('Could not ask postgres://db/state for the stack "dev". Pulumi says:');
  expect(message).toContain("set HTTPS_PROXY");
  expect(message).toContain(
    "PULUMI_BACKEND_URL is set in your environment; without it the state is kept beside the project.",
  );
  expect(message).not.toContain("s3cret");
});

describe("the passphrase", () => {
  test("is the user's own where there is one", () => {
    const dir = temporaryFolder();
    expect(stack.passphraseEnv({ dir }, { PULUMI_CONFIG_PASSPHRASE: "" }, true)).toEqual({});
    expect(existsSync(join(dir, ".airbyte"))).toBe(false);
  });

  test("is not made up for a stack that exists: it could only be a wrong one", () => {
    const dir = temporaryFolder();
    expect(stack.passphraseEnv({ dir }, {}, false)).toEqual({});
  });

  test("is recognised by the salt that pulumi made with it", () => {
    expect(stack.passphraseFits("abc", salt)).toBe(true);
    expect(stack.passphraseFits("abd", salt)).toBe(false);
  });

  test("that is wrong or missing is explained in one sentence", async () => {
    const { dir, env } = sample();
    const settings = project.readProject(dir, env);
    await stack.openStack(settings, "dev", { ...env, PULUMI_CONFIG_PASSPHRASE: "abc" }, { create: true });
    const problem = (given: Env) => stack.passphraseProblem(settings, "dev", given);
    expect(problem({ PULUMI_CONFIG_PASSPHRASE: "abc" })).toBeUndefined();
    expect(problem({ PULUMI_CONFIG_PASSPHRASE: "other" })).toContain("was made with another passphrase");
    write(join(dir, "Pulumi.dev.yaml"), `encryptionsalt: ${salt}\n`); // as plain pulumi keeps it
    expect(problem({})).toContain("has a passphrase, and none is set now");
  });
});

describe("the backend", () => {
  test("in a folder is found from the project, wherever pulumi is started", () => {
    const at = (backendUrl: string) => project.absoluteBackendUrl({ dir: "/p", backendUrl });
    expect(at("file://./.pulumi-state")).toBe("file:///p/.pulumi-state");
    expect(at("file:///abs?no_tmp_dir=true")).toBe("file:///abs?no_tmp_dir=true");
    expect(at("s3://bucket")).toBe("s3://bucket");
    expect(project.backendFolder({ dir: "/p", backendUrl: "s3://bucket" })).toBeUndefined();
  });
});
