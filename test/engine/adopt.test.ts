import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Checkout } from "../docs/checkout.ts";
import { commandsOf } from "../docs/pages.ts";
import { adopter, fill, read, SECRETS, SETTINGS, start, WEBHOOK, writes } from "./adopting.ts";
import { Project } from "./project.ts";
import { API, FAKER } from "./sample.ts";

test("every kind of object: a file, and a state with which the next preview shows no change; nothing is written to Airbyte", async () => {
  const existing = await start();
  const { server, byHand, dataDir, ids } = existing;
  await fill(existing);
  const project = new Project({ connectors: null });
  const adopt = adopter(project, existing);
  await byHand("DELETE", "/faults");

  // Which workspace is meant must be said; then nothing is there that wasn't before.
  await expect(adopt("--url", server.url)).rejects.toThrow(/has 2 workspaces[^]*--workspace ID/);
  expect(read(project, "Pulumi.dev.yaml")).not.toContain("existing");
  const all = ["--workspace", "all", "--also", "permissions,applications,regions"];
  expect(await adopt("--url", server.url, ...all)).toBe(0);
  expect(await writes(existing)).toEqual([]);

  expect(await project.preview(...SETTINGS)).toEqual([]);
  expect((await project.refresh(...SETTINGS)).text).toMatch(/\d+ unchanged/);
  expect(await project.preview(...SETTINGS)).toEqual([]);
  expect(await writes(existing)).toEqual([]);
  const taken = Object.values(await project.ids());
  for (const [what, id] of Object.entries(ids)) expect(taken, what).toContain(id);

  // Nothing secret in plain, wherever it went.
  const { applications } = await byHand<{ applications: { clientSecret: string }[] }>("GET", `${API}/applications`);
  const secrets = [
    ...Object.values(SECRETS),
    WEBHOOK,
    server.clientSecret,
    ...applications.map((one) => one.clientSecret),
  ];
  const files = ["pipelines.yaml", "Pulumi.dev.yaml", ".airbyte/dev/Pulumi.dev.yaml", ".airbyte/dev/intents.jsonl"];
  const state = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json";
  for (const file of [...files, state])
    for (const secret of secrets) expect(read(project, file), file).not.toContain(secret);
  const yaml = read(project, "pipelines.yaml");
  expect(yaml).toMatch(/warehouse:\n\s+connector: postgres\n\s+name: Warehouse/);
  expect(yaml).toContain("password: ${stored}");
  expect(yaml).toContain("url: ${secret:marketingWebhook}");
  expect(yaml).not.toContain("adopt:");
  expect(yaml.match(/^declarativeSourceDefinitions:$/gm)).toHaveLength(1);
  expect(yaml.match(/^    definition: shop$/gm)).toHaveLength(2);

  // A second time there is nothing left; what somebody adds goes into a file beside.
  await expect(adopt()).rejects.toThrow(/declares something already[^]*--out pipelines\/adopted.yaml/);
  await expect(adopt("--force")).rejects.toThrow(/declares what this stack has \(ads, /);
  const again = ["--out", "pipelines/adopted.yaml", "--workspace", "all"];
  expect(await adopt(...again)).toBe(0);
  expect(existsSync(join(project.dir, "pipelines/adopted.yaml"))).toBe(false);
  await byHand("POST", `${API}/tags`, { workspaceId: server.workspaceId, name: "hourly", color: "FF0000" });
  expect(await adopt(...again)).toBe(0);
  expect(read(project, "pipelines/adopted.yaml")).toContain("hourly:");
  expect(await project.preview(...SETTINGS)).toEqual([]);

  // From here on it is like any other stack: an edit changes in place, and keeps the secret that Airbyte has.
  project.edit("pipelines.yaml", "prefix: raw_", "prefix: new_");
  project.edit("pipelines.yaml", "host: db", "host: db2");
  expect((await project.preview(...SETTINGS)).map(({ op, name, fields }) => [op, name, ...fields]).sort()).toEqual([
    ["update", "users-nightly", "prefix"],
    ["update", "warehouse", "configuration.host"],
  ]);
  expect((await project.up(...SETTINGS)).text).toMatch(/2 updated/);
  expect(readFileSync(join(dataDir, "data.json"), "utf8")).toContain(SECRETS.password);
});

test("the commands of docs/adopt.md lead from an Airbyte that somebody has filled to a stack without a change", async () => {
  const { server, byHand } = await start();
  const { workspaceId } = await byHand("POST", `${API}/workspaces`, { name: "Marketing" });
  const configuration = { count: 1 };
  await byHand("POST", `${API}/sources`, { workspaceId, name: "Ads", definitionId: FAKER, configuration });
  const checkout = new Checkout();
  onTestFinished(() => checkout.close());
  const credentials = `AIRBYTE_CLIENT_ID=${server.clientId} AIRBYTE_CLIENT_SECRET=${server.clientSecret}`;
  for (const line of commandsOf("docs/adopt.md#from-an-existing-airbyte-to-code")) {
    const filledIn = line.replace("https://airbyte.example.com", server.url);
    await checkout.must(filledIn.replace("AIRBYTE_CLIENT_ID=… AIRBYTE_CLIENT_SECRET=…", credentials));
  }
  expect(readFileSync(join(checkout.dir, "pipelines.yaml"), "utf8")).toMatch(/^ {2}ads:$/m);
  expect(checkout.said).toMatch(/\$ npm run preview\n[^]*Resources:\s+\d unchanged/);
});

test("resource classes in place of YAML: the program takes over what the module declares", async () => {
  const existing = await start();
  const { server, ids } = existing;
  await fill(existing);
  const project = new Project({ connectors: null });
  const adopt = adopter(project, existing);
  const all = ["--url", server.url, "--workspace", server.workspaceId, "--workspace", "Marketing"];
  expect(await adopt(...all, "--typescript")).toBe(0);
  expect(read(project, "adopted.ts")).toContain(`adopt: "${ids.warehouse}"`);
  expect(await project.resources()).toEqual([]);

  // Once the program imports it, the state can have it too.
  const program = read(project, "index.ts");
  rmSync(join(project.dir, "index.ts"));
  project.write("index.ts", `import { declareAdopted } from "./adopted.ts";\n${program}\ndeclareAdopted(airbyte);\n`);
  expect(await adopt(...all, "--typescript", "--force")).toBe(0);
  expect(await project.preview(...SETTINGS)).toEqual([]);
  expect(Object.values(await project.ids())).toEqual(expect.arrayContaining([ids.nightly, ids.orders, ids.elsewhere]));
  const code = read(project, "adopted.ts");
  expect(code).not.toContain("adopt:");
  expect(code).toMatch(/source: usersMore2?Source/);
  for (const secret of [...Object.values(SECRETS), WEBHOOK]) expect(code).not.toContain(secret);
});
