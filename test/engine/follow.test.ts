// A stack's name and its setting stateDir change, and what this machine keeps for it follows.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ensureRunning, hasData, instanceIdOf, stop } from "../../embedded/index.ts";
import { Checkout } from "../docs/checkout.ts";

const PIPELINES = `sources:
  users: { connector: faker, configuration: { count: 1 } }
destinations:
  lake: { connector: postgres, configuration: { host: h, port: 5432, database: d, schema: s, username: u, password: "\${secret:lakePassword}" } }
connections:
  users-to-lake: { source: users, destination: lake }
`;

async function sample() {
  const checkout = new Checkout("dev");
  onTestFinished(() => checkout.close());
  checkout.write("pipelines.yaml", PIPELINES);
  await checkout.must("npm run pulumi -- config set --secret lakePassword", { input: "the-secret-of-the-lake" });
  await checkout.must("npm start");
  const ids = async () => {
    const { stdout } = await checkout.must("npm run -s pulumi -- stack --show-ids");
    return [...new Set(stdout.match(/[0-9a-f-]{36}/g))].sort();
  };
  return { checkout, ids, before: await ids() };
}

test("a stack that is renamed keeps its secrets, its data and its journal, and nothing changes; by plain Pulumi too", async () => {
  const { checkout, ids, before } = await sample();
  const { dir } = checkout;
  const journal = () => readFileSync(join(dir, ".airbyte/better/intents.jsonl"), "utf8");

  await checkout.must("npm run pulumi -- stack rename better");
  expect(existsSync(join(dir, ".airbyte/dev"))).toBe(false);
  expect(journal()).toContain('"declaredAs":"better/users"');
  expect(journal()).not.toContain("dev/");
  expect((await checkout.must("npm run refresh -- --yes")).text).toMatch(/6 unchanged/);
  expect((await checkout.must("npm start")).text).toMatch(/6 unchanged/); // it is the selected one
  expect(await ids()).toEqual(before);

  // Behind the back of the project's commands; and plain Pulumi is told before it does anything.
  const plain = "PULUMI_CONFIG_PASSPHRASE_FILE=$PWD/.airbyte/passphrase pulumi";
  await checkout.must(`${plain} stack rename best --stack better`);
  const refused = await checkout.type(
    `${plain} up --yes --stack best --config-file .airbyte/better/Pulumi.better.yaml`,
  );
  expect(refused.text).toContain("data are in .airbyte/better/embedded");
  expect(refused.text).toContain("npm start moves them");
  expect((await checkout.must("npm run preview")).text).toMatch(/6 unchanged/);
  expect(hasData(join(dir, ".airbyte/best/embedded"))).toBe(true);
  expect(await ids()).toEqual(before);
  await checkout.must("npm run destroy");
});

test("stateDir moves the data and back, a preview only says so, and data of another stack are never taken", async () => {
  const { checkout, ids, before } = await sample();
  const { dir } = checkout;
  const set = (value: string) => checkout.must(`npm run pulumi -- config set stateDir ${value}`);

  await set(".airbyte/other");
  const preview = await checkout.type("npm run preview");
  expect(preview.text).toContain("npm start moves them; or set stateDir to .airbyte/dev");
  expect(preview.code).not.toBe(0);
  expect(hasData(join(dir, ".airbyte/dev/embedded"))).toBe(true);
  expect((await checkout.must("npm start")).text).toMatch(/6 unchanged/);
  expect(existsSync(join(dir, ".airbyte/dev/embedded"))).toBe(false);
  expect(existsSync(join(dir, ".airbyte/other/intents.jsonl"))).toBe(true);
  await checkout.must("npm run pulumi -- config rm stateDir");
  expect((await checkout.must("npm start")).text).toMatch(/6 unchanged/);
  expect(await ids()).toEqual(before);

  checkout.write("Pulumi.else.yaml", readFileSync(join(dir, "Pulumi.dev.yaml"), "utf8"));
  await checkout.must("npm start -- --stack else");
  await set(".airbyte/else --stack dev");
  const foreign = await checkout.type("npm start -- --stack dev");
  expect(foreign.text).toContain("where the data of another embedded Airbyte lie");
  await checkout.must("npm run pulumi -- config rm stateDir --stack dev");
  expect((await checkout.must("npm start -- --stack dev")).text).toMatch(/6 unchanged/);
  expect(await ids()).toEqual(before);
  for (const stack of ["dev", "else"]) {
    expect(hasData(join(dir, ".airbyte", stack, "embedded"))).toBe(true);
    await stop(join(dir, ".airbyte", stack, "embedded"));
  }
});

interface Resource {
  type: string;
  id: string;
  delete?: boolean;
  inputs: { dataDir: string };
  outputs: { dataDir: string };
}

/** An Airbyte in .airbyte/other, as a version before this one made it when stateDir led there; and the state that it left. */
async function replaced(checkout: Checkout, servers: (dev: Resource, other: Resource) => Resource[]) {
  const [dev, other] = ["dev", "other"].map((name) => join(checkout.dir, ".airbyte", name, "embedded")) as [
    string,
    string,
  ];
  const { instanceId } = await ensureRunning(other, { connectors: "simulated" });
  const exported = await checkout.must("npm run -s pulumi -- stack export");
  const state = JSON.parse(exported.stdout) as { deployment: { resources: Resource[] } };
  const { resources } = state.deployment;
  const at = resources.findIndex(({ type }) => type.endsWith(":EmbeddedServer"));
  const server = resources[at];
  if (!server) throw new Error("no server in the state");
  const dataDir = ".airbyte/other/embedded";
  const elsewhere = {
    ...server,
    id: instanceId,
    inputs: { ...server.inputs, dataDir },
    outputs: { ...server.outputs, dataDir },
  };
  const [live, ...pending] = servers(server, elsewhere);
  resources.splice(at, 1, live!);
  resources.push(...pending.map((resource) => ({ ...resource, delete: true })));
  await checkout.must("npm run -s pulumi -- stack import", { input: JSON.stringify(state) });
  return { dev, other, instanceId };
}

test("a server that an earlier version was about to replace isn't deleted with the data that are in use", async () => {
  const { checkout, ids, before } = await sample();
  // stateDir led to other, the replacement was made there, and then stateDir was put back.
  const { dev, other, instanceId } = await replaced(checkout, (dev, other) => [other, dev]);
  const mine = instanceIdOf(dev);
  expect((await checkout.must("npm start")).text).toContain(".airbyte/dev has the data that this stack uses");
  expect(instanceIdOf(dev)).toBe(mine);
  expect(instanceIdOf(`${other}.unused-1`)).toBe(instanceId);
  expect((await checkout.must("npm start")).text).toMatch(/6 unchanged/);
  expect((await ids()).filter((id) => !before.includes(id))).toEqual([instanceId]);
  await checkout.must("npm run destroy");
  expect(hasData(dev)).toBe(false);
});

test("nor is one that it was about to replace twice, so that the live one is its own predecessor", async () => {
  const { checkout, ids, before } = await sample();
  const { dev, other } = await replaced(checkout, (dev, other) => [dev, dev, other]);
  const mine = instanceIdOf(dev);
  await checkout.must("npm start");
  expect(instanceIdOf(dev)).toBe(mine);
  expect(hasData(other)).toBe(false); // nobody uses it
  expect((await checkout.must("npm start")).text).toMatch(/6 unchanged/);
  expect(await ids()).toEqual(before);
  await checkout.must("npm run destroy");
  expect(hasData(dev)).toBe(false);
});
