import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { fakeProgram, project, pulumiCommand, stack, state, temporaryFolder, write } from "../modules.ts";

const salt = "v1:Jnh1vUOQl34=:v1:5AWb2NPkMpP38jyi:w1VPToMxQEh+veUZ+HXmvLY0L8TjSw==";
const made = {
  checkpoint: {
    latest: { secrets_providers: { state: { salt } }, resources: [{ urn: "u", type: "pulumi:pulumi:Stack" }] },
  },
};

/** A project with a stack "dev" that has something in it, and a pulumi that notes its calls and fails. */
function sample() {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nbackend:\n  url: file://./.pulumi-state\n");
  write(join(dir, "pipelines.yaml"), "sources: {}\n");
  const stateFile = write(join(dir, ".pulumi-state/.pulumi/stacks/p/dev.json"), JSON.stringify(made));
  const passphraseFile = write(join(dir, ".airbyte/passphrase"), "abc\n");
  const bin = temporaryFolder();
  const log = join(bin, "log");
  fakeProgram(bin, "pulumi", `echo "$*" >> "${log}"; exit 1`);
  const env = { PATH: [bin, process.env.PATH].join(delimiter) };
  return {
    dir,
    stateFile,
    passphraseFile,
    settings: project.readProject(dir, env),
    run: (line: string) => pulumiCommand.pulumi(dir, line.split(" "), env),
    calls: () => (existsSync(log) ? readFileSync(log, "utf8") : ""),
  };
}

describe("a stack whose generated passphrase is gone", () => {
  test.each(["up", "refresh", "destroy", "preview"])(
    "is said before %s does anything, with the ways on",
    async (verb) => {
      const { passphraseFile, run, calls } = sample();
      rmSync(passphraseFile);
      await expect(run(verb)).rejects.toThrow(
        /^The secrets of the stack "dev" can't be read any more without \.airbyte\/passphrase, .*put the file back .*npm run pulumi -- stack rm dev --force --yes --preserve-config and then npm start$/,
      );
      expect(calls()).toBe("");
    },
  );

  test("is not meant where the user has a passphrase, or plain pulumi keeps the salt", () => {
    const { dir, passphraseFile, settings } = sample();
    expect(stack.lostPassphrase(settings, "dev", {})).toBeUndefined();
    rmSync(passphraseFile);
    expect(stack.lostPassphrase(settings, "dev", { PULUMI_CONFIG_PASSPHRASE: "" })).toBeUndefined();
    expect(stack.lostPassphrase(settings, "dev", {})).toBeDefined();
    write(join(dir, "Pulumi.dev.yaml"), `encryptionsalt: ${salt}\n`);
    expect(stack.lostPassphrase(settings, "dev", {})).toBeUndefined();
  });
});

describe("a state that can't be read", () => {
  test.each([
    ["empty", ""],
    ["cut off", JSON.stringify(made).slice(0, 40)],
  ])("because it is %s is one sentence with the remedy", async (_, text) => {
    const { stateFile, run } = sample();
    write(stateFile, text);
    await expect(run("refresh")).rejects.toThrow(/can't be read \(.*dev\.json: .*no copy beside it/);
    write(`${stateFile}.bak`, JSON.stringify(made));
    await expect(run("refresh")).rejects.toThrow(
      /^The state of the stack "dev" can't be read .*: copy \.pulumi-state\/\.pulumi\/stacks\/p\/dev\.json\.bak over it and run again\.$/,
    );
  });
});

test("resources are looked for in the state", () => {
  const { settings, stateFile } = sample();
  expect(state.hasResources(settings, "dev")).toBe(true);
  write(stateFile, "{}");
  expect(state.hasResources(settings, "dev")).toBe(false);
  expect(state.hasResources({ ...settings, backendUrl: "s3://bucket" }, "dev")).toBeUndefined();
});

describe("a stack that isn't there", () => {
  test.each(["preview", "refresh", "destroy", "import x", "watch", "config", "config get k", "config set k v"])(
    "is not made by %s",
    async (line) => {
      const { run, calls } = sample();
      await expect(run(`${line} --stack prdo`)).rejects.toThrow(
        'no stack "prdo" in file://./.pulumi-state (there are: dev)',
      );
      expect(calls()).toBe("");
    },
  );

  test.each(["first", "with a settings file"])("is made by a setting and by a preview: %s", async (which) => {
    const { dir, stateFile, run, calls } = sample();
    if (which === "first") rmSync(stateFile);
    else write(join(dir, "Pulumi.prod.yaml"), "config: {}\n");
    for (const line of ["config set k v", "preview"]) {
      await expect(run(`${line} --stack prod`)).rejects.toThrow("could not be made"); // this pulumi can't
      expect(calls()).toContain("stack init prod");
    }
  });
});

test.each([
  ["up", true],
  ["preview --diff", true],
  ["config get k", false],
])("after a failure that Pulumi has explained, there is a next step: %s", async (line, expected) => {
  const { run } = sample();
  const said = vi.spyOn(console, "error").mockReturnValue();
  onTestFinished(() => said.mockRestore());
  expect(await run(line)).toBe(1);
  expect(/Next step: mend what is named above .* npm run doctor/.test(said.mock.calls.flat().join())).toBe(expected);
});

test("after a failure a locked stack is said to be, with the way out", async () => {
  const { dir, settings, run } = sample();
  const said = vi.spyOn(console, "error").mockReturnValue();
  onTestFinished(() => said.mockRestore());
  const locks = join(dir, ".pulumi-state/.pulumi/locks/organization/p/dev");
  mkdirSync(locks, { recursive: true });
  expect(state.isLocked(settings, "dev")).toBe(false);
  write(join(locks, "1.json"), "{}");
  expect(await run("up")).toBe(1);
  expect(said.mock.calls.flat().join()).toContain(
    'The stack "dev" is locked: another run is under way; if none is: npm run pulumi -- cancel',
  );
});
