import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { fakeProgram, overlay, placeholders, project, temporaryFolder, write } from "./modules.ts";

/** A project whose pipelines use two secrets, one of which is set; and a pulumi that notes arguments and input. */
function sample() {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\n");
  write(
    join(dir, "pipelines.yaml"),
    "sources:\n  a:\n    connector: faker\n    configuration: { x: '${secret:isSet}', y: '${secret:isMissing}' }\n",
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
  return { settings, opened, log };
}

test("secrets without a value get a random placeholder, which no argument shows", async () => {
  const { settings, opened, log } = sample();
  await placeholders.fillPlaceholders(settings, opened);
  const [args, input, ...more] = readFileSync(log, "utf8").trim().split("\n");
  expect(args).toBe(`args: config set --secret isMissing --config-file ${opened.configFile} --non-interactive`);
  expect(input).toMatch(/^input: placeholder-[0-9a-f]{24}$/);
  expect(more).toEqual([]);
});

test("settings that the user manages get no placeholders", async () => {
  const { settings, opened, log } = sample();
  await placeholders.fillPlaceholders(settings, { env: opened.env, settings: {} });
  expect(existsSync(log)).toBe(false);
});
