import { existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fakeProgram, protection, pulumiCommand, temporaryFolder, write } from "../modules.ts";

const salt = "v1:Jnh1vUOQl34=:v1:5AWb2NPkMpP38jyi:w1VPToMxQEh+veUZ+HXmvLY0L8TjSw==";
const kept = { urn: "urn:kept", type: "aws:ebs/volume:Volume", custom: true, id: "vol-1", outputs: { size: 100 } };
const orders = {
  urn: "urn:pulumi:dev::p::pulumi-nodejs:dynamic/airbyte:Connection::orders",
  type: "pulumi-nodejs:dynamic/airbyte:Connection",
  protect: true,
};
const ROOT = "q3v0YJt2o1m7s8Zr5k6Xw9aBcDeFgHiJkLmNoPqRsTuVwXyZ";

/** A project whose stack "dev" has this target, and a pulumi that notes its calls and succeeds. */
function sample(target: string | undefined, resources: object[] = [kept]) {
  const dir = temporaryFolder();
  write(join(dir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nbackend:\n  url: file://./.pulumi-state\n");
  write(join(dir, "pipelines.yaml"), "sources: {}\n");
  if (target !== undefined) write(join(dir, "Pulumi.dev.yaml"), `config:\n  p:target: ${target}\n`);
  const state = {
    checkpoint: {
      latest: { secrets_providers: { state: { salt } }, resources: [{ urn: "u", type: "pulumi:pulumi:Stack" }] },
    },
  };
  write(join(dir, ".pulumi-state/.pulumi/stacks/p/dev.json"), JSON.stringify(state));
  write(join(dir, ".airbyte/passphrase"), "abc\n");
  const bin = temporaryFolder();
  const log = join(bin, "log");
  const deployment = JSON.stringify({ deployment: { resources } });
  fakeProgram(
    bin,
    "pulumi",
    `echo "plugins=$PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION data=$AIRBYTE_DESTROY_DATA unprotected=$AIRBYTE_ALLOW_UNPROTECT $*" >> "${log}"\n` +
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
      expect(calls().at(-1)).toMatch(/^plugins=true data= unprotected= up --yes/);
    },
  );

  test.each(["aws", "docker", "kubernetes"])("are downloaded as ever for the target %s", async (target) => {
    const { run, calls } = sample(target);
    await run("up --yes");
    expect(calls().at(-1)).toMatch(/^plugins= data= unprotected= up --yes/);
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
      /^plugins= data= unprotected= destroy --yes --exclude-protected/,
    );
    await run("destroy --yes --destroy-data");
    expect(calls().findLast((call) => call.includes(" destroy "))).toMatch(
      /^plugins= data=true unprotected= destroy --yes --run-program/,
    );
  });

  test("what a destroyed stack still costs is named", () => {
    expect(protection.whatRemains([kept], "org/p/dev", "aws")).toEqual([
      expect.stringMatching(/^Kept: the volume vol-1 \(100 GB\).*npm run destroy -- --destroy-data$/),
      expect.stringContaining('Values=airbyte-dev*"'),
    ]);
    expect(protection.whatRemains([], "dev", "aws")).toEqual([expect.stringMatching(/^Kept: snapshots/)]);
  });
});

describe("on the target kubernetes", () => {
  test("destroy keeps what is protected, and gives the data up by an option", async () => {
    const { run, calls } = sample("kubernetes");
    const last = () => calls().findLast((call) => call.includes(" destroy "));
    await run("destroy --yes");
    expect(last()).toMatch(/^plugins= data= unprotected= destroy --yes --exclude-protected/);
    await run("destroy --yes --destroy-data");
    expect(last()).toMatch(/^plugins= data=true unprotected= destroy --yes --run-program/);
  });

  test("namespace and disks are named as what a destroyed stack keeps", () => {
    const namespace = { urn: "urn:namespace", type: "kubernetes:core/v1:Namespace", id: "airbyte" };
    const claim = {
      urn: "urn:claim",
      type: "kubernetes:core/v1:PersistentVolumeClaim",
      id: "airbyte/airbyte-storage-pvc",
    };
    expect(protection.whatRemains([namespace, claim], "dev", "kubernetes")).toEqual([
      expect.stringMatching(/^Kept: the namespace airbyte .*--destroy-data$/),
      expect.stringMatching(/^Kept: the claim airbyte\/airbyte-storage-pvc .*--destroy-data$/),
    ]);
  });
});

describe("what production protects", () => {
  test("is deleted by destroy when it is named, and the program that runs meanwhile is told", async () => {
    const { run, calls } = sample("existing", [orders]);
    await run("destroy --yes --allow-unprotect orders");
    const [unprotect, destroy] = calls().slice(-2);
    expect(unprotect).toContain(`state unprotect ${orders.urn} --yes`);
    expect(destroy).toMatch(/ unprotected=orders destroy --yes --suppress-outputs --config-file/);
  });

  test.each(["up --yes --allow-unprotect=orders", "up --allow-unprotect orders --yes"])(
    "is deleted by %s",
    async (line) => {
      const { run, calls } = sample("existing", [orders]);
      await run(line);
      expect(calls().at(-2)).toContain("state unprotect");
      expect(calls().at(-1)).toMatch(/ unprotected= up --yes/);
    },
  );

  test.each([
    [
      "is not in the state",
      "destroy --yes --allow-unprotect order",
      "nothing protected is named order; protected is: orders (Connection)",
    ],
    ["is missing", "destroy --yes --allow-unprotect", "needs the name of what may be deleted"],
    ["is another option", "destroy --allow-unprotect --yes", "needs the name of what may be deleted"],
  ])("stays, and nothing runs, where the name %s", async (_, line, message) => {
    const { run, calls } = sample("existing", [orders]);
    await expect(run(line)).rejects.toThrow(message);
    expect(calls().filter((call) => / (destroy|state unprotect) /.test(call))).toEqual([]);
  });

  test("may have any name that a resource can have", () => {
    const urn = `${orders.urn.slice(0, orders.urn.lastIndexOf("::"))}::Bob's "a, b"`;
    expect(protection.whatRemains([{ ...orders, urn }], "dev", "existing")).toEqual([
      expect.stringMatching(/ -- --allow-unprotect 'Bob'\\''s "a, b"'$/),
    ]);
  });

  test("is named at the end of a destroy that kept it, with the options that let it go", () => {
    expect(protection.whatRemains([orders, { ...orders, protect: false }], "dev", "existing")).toEqual([
      "Kept: Connection orders, which production protects, and all they need. To let them go: npm run destroy -- --allow-unprotect orders",
    ]);
  });
});

describe("settings that have changed since the last up", () => {
  const changed = (run: (line: string) => Promise<number>, dir: string, target: string) =>
    run("up --yes").then(() => {
      write(join(dir, "Pulumi.dev.yaml"), `config:\n  p:target: ${target}\n  p:clientId: another\n`);
    });

  test.each(["refresh --yes", "destroy --yes", "refresh --preview-only"])(
    "are used by %s too, which runs the program for them",
    async (line) => {
      const { dir, run, calls } = sample("existing");
      await changed(run, dir, "existing");
      await run(line);
      expect(calls().findLast((call) => call.includes(line))).toContain(" --run-program ");
      await run(`${line} --run-program=false`);
      expect(calls().findLast((call) => call.includes(line))).not.toContain("--run-program ");
      await run("up --yes");
      await run(line);
      expect(calls().findLast((call) => call.includes(line))).not.toContain("--run-program");
    },
  );

  test("don't matter to an Airbyte of the stack's own; where nobody knows, a broken file of pipelines must not stop a destroy", async () => {
    const own = sample("docker");
    await changed(own.run, own.dir, "docker");
    await own.run("refresh --yes");
    const unknown = sample("existing");
    await unknown.run("refresh --yes");
    for (const { calls } of [own, unknown]) expect(calls().join()).not.toContain("--run-program");
  });
});

test("on other targets destroy is Pulumi's own", async () => {
  const { run, calls } = sample("existing");
  await run("destroy --yes");
  expect(calls().at(-1)).not.toContain("--exclude-protected");
});
