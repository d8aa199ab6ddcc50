import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { Project } from "./project.ts";

const CHECKOUT = join(import.meta.dirname, "../..");
const PASSWORD = "pa55-word-in-plain";

/** Resources of Airbyte's types as a program without this project's classes might make them: nothing is sealed by them. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
const provider = { create: async (inputs) => ({ id: "some-id", outs: inputs }) };
class Raw extends pulumi.dynamic.Resource {
  constructor(type, name, props) { super(provider, name, props, undefined, "airbyte", type); }
}
new Raw("Destination", "warehouse", { configuration: { host: "db.example.com", password: "${PASSWORD}" } });
new Raw("Connection", "orders", { schedule: { scheduleType: "cron", cronExpression: "0 0/5 * * * ?" } });
`;

const ALLOWED = JSON.stringify({ "no-frequent-syncs": { allowFrequentSyncs: ["orders"] } });

/** A connection that syncs too often stops the preview until it is named; the secret that stands there in plain text is sealed. */
async function enforces(project: Project, pack: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const refused = await project.pulumi(["preview", "--stack", "dev", "--policy-pack", pack], { env });
  expect(refused.code, refused.text).not.toBe(0);
  expect(refused.text).toContain("orders: syncs 12 times an hour");
  expect(refused.text).toContain("no-frequent-syncs");

  project.write("policy.json", ALLOWED);
  const packs = ["--policy-pack", pack, "--policy-pack-config", "policy.json"];
  const run = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev", ...packs], { env });
  expect(run.code, run.text).toBe(0);
  expect(run.text).toMatch(/2 created|3 created/);
  const exported = (await project.must("stack", "export", "--stack", "dev")).text;
  expect(exported).not.toContain(PASSWORD);
  expect(exported).toContain("db.example.com");
}

test("the policy pack is enforced by the engine", async ({ skip }) => {
  const project = await Project.create({ program: PROGRAM });
  const pack = join(CHECKOUT, "policy");
  const trial = await project.pulumi(["preview", "--stack", "dev", "--policy-pack", pack]);
  const why = /failed to start: could not read plugin [^\n]*: ([^\n:]+)/.exec(trial.text)?.[1];
  if (why !== undefined) skip(`the language host of this Pulumi CLI can't load policy packs ("${why}")`);
  await enforces(project, pack);
});

test("the policy pack is enforced by the engine, started by a stand-in for the language host", async () => {
  const project = await Project.create({ program: PROGRAM });
  const pack = join(project.dir, "pack");
  cpSync(join(CHECKOUT, "policy"), pack, { recursive: true });
  cpSync(join(CHECKOUT, "tsconfig.json"), join(project.dir, "tsconfig.json")); // the loader reads the one where pulumi is started
  const file = join(pack, "PulumiPolicy.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("runtime: nodejs", "runtime: packs"));
  const bin = join(project.dir, "bin");
  mkdirSync(bin);
  const host = join(CHECKOUT, "test/engine/pack-host.mjs");
  writeFileSync(join(bin, "pulumi-language-packs"), `#!/bin/sh\nexec "${process.execPath}" "${host}"\n`, {
    mode: 0o755,
  });
  await enforces(project, pack, { PATH: [bin, process.env.PATH].join(delimiter) });
});
