import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { secretNames } from "../../../declaration/names.ts";
import { config, fakeProgram, overlay, project, projectDir, temporaryFolder, write } from "../modules.ts";

/** A project whose pipelines use two secrets of which one is set, and the sample's; and a pulumi that notes arguments and input. */
function sample(names = ["isSet", "isMissing"]) {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\n");
  write(
    join(dir, "pipelines.yaml"),
    `sources:\n  a:\n    connector: faker\n    configuration: { x: [${names.map((name) => `"\${secret:${name}}"`).join()}] }\n`,
  );
  const bin = temporaryFolder();
  const log = join(bin, "log");
  fakeProgram(bin, "pulumi", `echo "args: $*" >> "${log}"; echo "input: $(cat)" >> "${log}"`);
  const settings = project.readProject(dir, {});
  const { file } = overlay.writeOverlay(settings, "dev");
  write(file, "config:\n  p:isSet:\n    secure: v1:x\n");
  const opened = {
    env: { PATH: [bin, process.env.PATH].join(delimiter) },
    settings: { config: { "p:isSet": { secure: "v1:x" } } },
    configFile: file,
  };
  /** The names that were set. */
  const filled = () =>
    existsSync(log) ? [...readFileSync(log, "utf8").matchAll(/--secret (\S+)/g)].map(([, name]) => name) : [];
  return { settings, opened, log, filled };
}

test("secrets without a value get a random placeholder, which no argument shows", async () => {
  const { settings, opened, log } = sample();
  await config.fillPlaceholders(settings, opened, "up", true);
  const [args, input, ...more] = readFileSync(log, "utf8").trim().split("\n");
  expect(args).toBe(`args: config set --secret isMissing --config-file ${opened.configFile} --non-interactive`);
  expect(input).toMatch(/^input: placeholder-[0-9a-f]{24}$/);
  expect(more).toEqual([]);
});

test("a passphrase that isn't the stack's is said to be the reason why none can be set", async () => {
  const { settings, opened } = sample();
  const bin = temporaryFolder();
  fakeProgram(bin, "pulumi", 'echo "error: incorrect passphrase" >&2; exit 1');
  write(opened.configFile, "encryptionsalt: v1:Jnh1vUOQl34=:v1:5AWb2NPkMpP38jyi:w1VPToMxQEh+veUZ+HXmvLY0L8TjSw==\n");
  const env = { PATH: [bin, opened.env.PATH].join(delimiter), PULUMI_STACK: "dev", PULUMI_CONFIG_PASSPHRASE: "other" };
  await expect(config.fillPlaceholders(settings, { ...opened, env }, "up", true)).rejects.toThrow(
    'The stack "dev" was made with another passphrase than the one that is set now: set PULUMI_CONFIG_PASSPHRASE',
  );
});

test("settings that the user manages get no placeholders", async () => {
  const { settings, opened, log } = sample();
  await config.fillPlaceholders(settings, { env: opened.env, settings: {} }, "up", true);
  expect(existsSync(log)).toBe(false);
});

describe("a name without a value", () => {
  const names = ["isMissing", "warehousePassword"];

  test.each([
    ["up", true, names],
    ["up", false, ["warehousePassword"]],
    ["preview", true, ["warehousePassword"]],
    ["preview", false, []],
    ["refresh", true, []],
  ])("is a slip rather than a new secret (%s, first use: %s)", async (verb, firstUse, expected) => {
    const { settings, opened, filled } = sample(names);
    await config.fillPlaceholders(settings, opened, verb, firstUse);
    expect(filled()).toEqual(expected);
  });

  test("every filled one is named with the command that sets it", async () => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    onTestFinished(() => said.mockRestore());
    const { settings, opened } = sample(names);
    await config.fillPlaceholders(settings, opened, "up", true);
    const lines = said.mock.calls.flat().map(String);
    for (const name of names) expect(lines).toContain(`  npm run pulumi -- config set --secret ${name}`);
  });

  test("of the sample are those that the project's pipelines.yaml asks for", () => {
    expect(secretNames(projectDir)).toEqual(config.sampleSecrets);
  });
});
