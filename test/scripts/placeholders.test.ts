import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { secretNames } from "../../infra/pipelines/secret-names.ts";
import { fakeProgram, overlay, placeholders, project, projectDir, temporaryFolder, write } from "./modules.ts";

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
  await placeholders.fillPlaceholders(settings, opened, "up", true);
  const [args, input, ...more] = readFileSync(log, "utf8").trim().split("\n");
  expect(args).toBe(`args: config set --secret isMissing --config-file ${opened.configFile} --non-interactive`);
  expect(input).toMatch(/^input: placeholder-[0-9a-f]{24}$/);
  expect(more).toEqual([]);
});

test("settings that the user manages get no placeholders", async () => {
  const { settings, opened, log } = sample();
  await placeholders.fillPlaceholders(settings, { env: opened.env, settings: {} }, "up", true);
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
    await placeholders.fillPlaceholders(settings, opened, verb, firstUse);
    expect(filled()).toEqual(expected);
  });

  test("every filled one is named with the command that sets it", async () => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    onTestFinished(() => said.mockRestore());
    const { settings, opened } = sample(names);
    await placeholders.fillPlaceholders(settings, opened, "up", true);
    const lines = said.mock.calls.flat().map(String);
    for (const name of names) expect(lines).toContain(`  npm run pulumi -- config set --secret ${name}`);
  });

  test("of the sample are those that the project's pipelines.yaml asks for", () => {
    expect(secretNames(projectDir)).toEqual(placeholders.sampleSecrets);
  });
});
