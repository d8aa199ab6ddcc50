import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { destroyData, fakeProgram, pulumiCommand, temporaryFolder, write } from "./modules.ts";

const salt = "v1:Jnh1vUOQl34=:v1:5AWb2NPkMpP38jyi:w1VPToMxQEh+veUZ+HXmvLY0L8TjSw==";
const kept = { type: "aws:ebs/volume:Volume", custom: true, id: "vol-1", outputs: { size: 100 } };
const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";

/** A project whose stack "dev" has this target, and a pulumi that notes its calls and succeeds. */
function sample(target: string | undefined) {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nbackend:\n  url: file://./.pulumi-state\n");
  write(join(dir, "pipelines.yaml"), "sources: {}\n");
  if (target !== undefined) write(join(dir, "Pulumi.dev.yaml"), `config:\n  p:target: ${target}\n`);
  const state = { checkpoint: { latest: { secrets_providers: { state: { salt } }, resources: [{ urn: "u" }] } } };
  write(join(dir, ".pulumi-state/.pulumi/stacks/p/dev.json"), JSON.stringify(state));
  write(join(dir, ".airbyte/passphrase"), "abc\n");
  const bin = temporaryFolder();
  const log = join(bin, "log");
  const deployment = JSON.stringify({ deployment: { resources: [kept] } });
  fakeProgram(
    bin,
    "pulumi",
    `echo "plugins=$PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION data=$AIRBYTE_DESTROY_DATA $*" >> "${log}"\n` +
      `case "$*" in *"config get rootSecret"*) echo "${ROOT}";; "stack export"*) echo '${deployment}';; esac`,
  );
  const env = { PATH: [bin, process.env.PATH].join(delimiter) };
  const run = (line: string, over = {}) => pulumiCommand.pulumi(dir, line.split(" "), { ...env, ...over });
  const calls = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { dir, run, calls };
}

describe("plugins of clouds", () => {
  test.each([undefined, "embedded", "existing"])(
    "are not downloaded for the target %s, which uses none",
    async (target) => {
      const { run, calls } = sample(target);
      await run("up --yes");
      expect(calls().at(-1)).toMatch(/^plugins=true data= up --yes/);
    },
  );

  test.each(["aws", "docker"])("are downloaded as ever for the target %s", async (target) => {
    const { run, calls } = sample(target);
    await run("up --yes");
    expect(calls().at(-1)).toMatch(/^plugins= data= up --yes/);
  });

  test("are downloaded where the user says so", async () => {
    const { run, calls } = sample("embedded");
    await run("up --yes", { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false" });
    expect(calls().at(-1)).toMatch(/^plugins=false /);
  });
});

describe("on the target aws", () => {
  test.each(["up", "preview", "refresh", "destroy"])("the files for SSH are there before %s", async (verb) => {
    const { dir, run, calls } = sample("aws");
    await run(verb === "preview" ? verb : `${verb} --yes`);
    expect(calls()[0]).toContain("config get rootSecret");
    for (const file of ["key", "known_hosts"])
      expect(statSync(join(dir, ".airbyte/dev/ssh", file)).mode & 0o777).toBe(0o600);
  });

  test("destroy keeps what is protected, and gives the data up by an option", async () => {
    const { run, calls } = sample("aws");
    await run("destroy --yes");
    expect(calls().find((call) => call.includes(" destroy "))).toMatch(
      /^plugins= data= destroy --yes --exclude-protected/,
    );
    await run("destroy --yes --destroy-data");
    expect(calls().findLast((call) => call.includes(" destroy "))).toMatch(
      /^plugins= data=true destroy --yes --run-program/,
    );
  });

  test("what a destroyed stack still costs is named", () => {
    expect(destroyData.whatRemains([kept], "org/p/dev")).toEqual([
      expect.stringMatching(/^Kept: the volume vol-1 \(100 GB\).*npm run destroy -- --destroy-data$/),
      expect.stringContaining('Values=airbyte-dev*"'),
    ]);
    expect(destroyData.whatRemains([], "dev")).toEqual([expect.stringMatching(/^Kept: snapshots/)]);
  });
});

test("on other targets destroy is Pulumi's own", async () => {
  const { run, calls } = sample("existing");
  await run("destroy --yes");
  expect(calls().at(-1)).not.toContain("--exclude-protected");
});
