import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { adoptCommand } from "../scripts/modules.ts";
import { byHandAt, type ByHand } from "./by-hand.ts";
import { Project } from "./project.ts";
import { API, FAKER, POSTGRES } from "./sample.ts";

const SECRETS = { password: "pa55-Word-of-the-warehouse", key: "s3cret-key-of-the-shop" };
const WEBHOOK = "https://hooks.example.com/services/s3cret-of-the-webhook";

/** Where the project's own commands keep a stack's secrets. */
const SETTINGS = ["--config-file", ".airbyte/dev/Pulumi.dev.yaml"];

const MANIFEST = {
  version: "6.5.2",
  type: "DeclarativeSource",
  spec: {
    type: "Spec",
    connection_specification: {
      type: "object",
      required: ["key"],
      properties: { key: { type: "string", airbyte_secret: true } },
    },
  },
  streams: [{ name: "orders", path: "/{{ config['key'] }}" }],
};

interface Existing {
  server: EmbeddedServer;
  byHand: ByHand;
  dataDir: string;
  ids: Record<string, string>;
}

/** An Airbyte that somebody has filled by hand. */
async function start(options: { publicApi?: boolean } = {}): Promise<Existing> {
  const dataDir = mkdtempSync(join(tmpdir(), "airbyte-"));
  const server = await createEmbeddedServer({ dataDir, faults: true, connectors: "simulated", ...options });
  onTestFinished(() => server.close());
  return { server, byHand: byHandAt(server), dataDir, ids: {} };
}

async function fill({ server, byHand, ids }: Existing): Promise<void> {
  const make = async (path: string, body: object) => {
    const made = await byHand<Record<string, string>>("POST", `${API}/${path}`, body);
    const idKey = Object.keys(made).find((key) => /^(id|\w+Id)$/.test(key) && !["workspaceId", "definitionId"].includes(key));
    return made[idKey ?? "workspaceId"] ?? "";
  };
  const { workspaceId } = server;
  const marketing = await byHand<{ workspaceId: string }>("POST", `${API}/workspaces`, {
    name: "Marketing",
    notifications: { failure: { webhook: { enabled: true, url: WEBHOOK } } },
  });
  ids.marketing = marketing.workspaceId;
  const faker = { workspaceId, definitionId: FAKER };
  ids.users = await make("sources", { ...faker, name: "Users & more", configuration: { count: 5 } });
  ids.sameName = await make("sources", { ...faker, name: "users, more", configuration: { count: 6 } });
  ids.warehouse = await make("destinations", {
    workspaceId,
    name: "Warehouse",
    definitionId: POSTGRES,
    configuration: { host: "db", port: 5432, database: "d", schema: "public", username: "u", password: SECRETS.password },
  });
  ids.tag = await make("tags", { workspaceId, name: "nightly", color: "1F77B4" });
  const at = `workspaces/${workspaceId}/definitions`;
  ids.erp = await make(`${at}/sources`, { name: "ERP", dockerRepository: "me/source-erp", dockerImageTag: "1.0.0" });
  ids.lake = await make(`${at}/destinations`, { name: "Lake", dockerRepository: "me/destination-lake", dockerImageTag: "1" });
  ids.shop = await make(`${at}/declarative_sources`, { name: "Shop", manifest: MANIFEST });
  ids.orders = await make("sources", { workspaceId, name: "Orders", definitionId: ids.shop, configuration: { key: SECRETS.key } });
  ids.invoices = await make("sources", { workspaceId, name: "Invoices", definitionId: ids.erp, configuration: {} });
  ids.elsewhere = await make("sources", { ...faker, workspaceId: ids.marketing, name: "Ads", configuration: { count: 7 } });
  ids.nightly = await make("connections", {
    sourceId: ids.users,
    destinationId: ids.warehouse,
    name: "Users nightly",
    status: "inactive",
    schedule: { scheduleType: "cron", cronExpression: "0 0 3 * * ?" },
    namespaceDefinition: "custom_format",
    namespaceFormat: "x_${SOURCE_NAMESPACE}",
    prefix: "raw_",
    nonBreakingSchemaUpdatesBehavior: "propagate_columns",
    tags: [{ tagId: ids.tag, workspaceId, name: "nightly", color: "1F77B4" }],
    configurations: { streams: [{ name: "users", syncMode: "incremental_deduped_history", selectedFields: [{ fieldPath: ["id"] }, { fieldPath: ["name"] }, { fieldPath: ["updated_at"] }] }, { name: "products", syncMode: "full_refresh_overwrite" }] },
  });
  ids.plain = await make("connections", { sourceId: ids.orders, destinationId: ids.warehouse, name: "Orders" });
  const [organization] = (await byHand<{ data: { organizationId: string }[] }>("GET", `${API}/organizations`)).data;
  const users = await byHand<{ data: { id: string }[] }>("GET", `${API}/users?organizationId=${organization?.organizationId ?? ""}`);
  ids.permission = await make("permissions", { workspaceId, userId: users.data[0]?.id, permissionType: "workspace_reader" });
  ids.application = await make("applications", { name: "Scheduler" });
}

/** Calls since the last time that may have changed something. */
async function writes({ byHand }: Existing): Promise<string[]> {
  const { calls } = await byHand<{ calls: Record<string, number> }>("GET", "/faults");
  const reading = /^GET |token$|\/(list|get|list_\w+|get_\w+|health)$|^POST \/(oauth|faults)|^(GET|DELETE) \/faults/;
  return Object.keys(calls).filter((call) => !reading.test(call));
}

function adopter(project: Project, { server }: Existing) {
  const env = { ...project.env, AIRBYTE_CLIENT_ID: server.clientId, AIRBYTE_CLIENT_SECRET: server.clientSecret };
  return async (...args: string[]) => {
    const before = process.cwd();
    try {
      return await adoptCommand.adopt(project.dir, args, env);
    } finally {
      process.chdir(before);
    }
  };
}

const read = (project: Project, file: string) => readFileSync(join(project.dir, file), "utf8");

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
  const all = ["--workspace", server.workspaceId, "--workspace", "Marketing", "--also", "permissions,applications"];
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
  const secrets = [...Object.values(SECRETS), WEBHOOK, server.clientSecret, ...applications.map((one) => one.clientSecret)];
  const files = ["pipelines.yaml", "Pulumi.dev.yaml", ".airbyte/dev/Pulumi.dev.yaml", ".airbyte/dev/intents.jsonl"];
  const state = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json";
  for (const file of [...files, state]) for (const secret of secrets) expect(read(project, file), file).not.toContain(secret);
  const yaml = read(project, "pipelines.yaml");
  expect(yaml).toMatch(/warehouse:\n\s+connector: postgres\n\s+name: Warehouse/);
  expect(yaml).toContain("password: ${stored}");
  expect(yaml).toContain("url: ${secret:marketingWebhook}");
  expect(yaml).not.toContain("adopt");

  // A second time there is nothing left; what somebody adds goes into a file beside.
  await expect(adopt()).rejects.toThrow(/declares something already[^]*--out pipelines\/adopted.yaml/);
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

/** A key as PEM files have it: its last newline is part of it. */
const KEY_OF_LINES = `line\n${SECRETS.key}\n`;

/** A state as Terraform writes it, of the provider's 1.x with one resource of an older version. */
function terraformState({ server: { workspaceId }, ids }: Existing): string {
  const resource = (type: string, name: string, attributes: object, more: object = {}) => ({
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/airbytehq/airbyte"]',
    instances: [{ schema_version: 0, attributes: { workspace_id: workspaceId, ...attributes }, ...more }],
  });
  const password = { host: "db", port: 5432, database: "d", schema: "public", username: "u", password: SECRETS.password };
  return JSON.stringify({
    version: 4,
    terraform_version: "1.9.0",
    resources: [
      { mode: "data", type: "airbyte_workspace", name: "own", instances: [] },
      resource("airbyte_destination", "main_warehouse", { destination_id: ids.warehouse, name: "Warehouse", configuration: JSON.stringify(password) }),
      { ...resource("airbyte_source", "shop", { source_id: ids.orders, name: "Orders", configuration: JSON.stringify({ key: KEY_OF_LINES }) }, { index_key: "eu" }), module: "module.shops" },
      resource("airbyte_connection", "shop_orders", { connection_id: ids.plain, name: "Orders" }),
      resource("airbyte_declarative_source_definition", "shop", { id: ids.shop, name: "Shop" }),
      resource("airbyte_source_faker", "users", { source_id: ids.users, name: "Users & more", configuration: { count: 5 } }),
      resource("airbyte_source_faker", "gone", { source_id: "00000000-0000-4000-8000-00000000dead", name: "Gone" }),
    ],
  });
}

test("from a Terraform state: its names and secrets; without a secret's value in it, one that is asked for", async () => {
  const existing = await start();
  const { server, byHand, ids } = existing;
  await fill(existing);
  const project = new Project({ connectors: null });
  const adopt = adopter(project, existing);
  project.write("terraform.tfstate", terraformState(existing));
  await byHand("DELETE", "/faults");
  expect(await adopt("--url", server.url, "--from-tfstate", "terraform.tfstate")).toBe(0);
  expect(await writes(existing)).toEqual([]);
  const taken = await project.ids();
  expect(taken).toMatchObject({
    "Destination/main_warehouse": ids.warehouse,
    "Source/shops-shop-eu": ids.orders,
    "Connection/shop_orders": ids.plain,
    "DeclarativeSourceDefinition/shop": ids.shop,
    "Source/users": ids.users,
  });
  expect(Object.values(taken)).not.toContain(ids.sameName);
  expect(await project.preview(...SETTINGS)).toEqual([]);
  const yaml = read(project, "pipelines.yaml");
  expect(yaml).toContain("password: ${secret:mainWarehousePassword}");
  expect(yaml).toContain("key: ${secret:shopsShopEuKey}");
  const { stdout } = await project.must("config", "--show-secrets", "--json", ...SETTINGS);
  const config = JSON.parse(stdout) as Record<string, { value: string; secret: boolean }>;
  expect(config["airbyte-on-pulumi:mainWarehousePassword"]).toMatchObject({ value: SECRETS.password, secret: true });
  expect(config["airbyte-on-pulumi:shopsShopEuKey"]?.value).toBe(KEY_OF_LINES);
  const state = ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json";
  for (const file of ["pipelines.yaml", "Pulumi.dev.yaml", state]) {
    for (const secret of Object.values(SECRETS)) expect(read(project, file), file).not.toContain(secret);
  }

  // The rest of the workspace, its secrets to be given anew: until then the state says that Airbyte has them.
  await byHand("POST", `${API}/destinations`, {
    workspaceId: server.workspaceId,
    name: "Second",
    definitionId: POSTGRES,
    configuration: { host: "db", port: 5432, database: "d", schema: "public", username: "u", password: SECRETS.password },
  });
  expect(await adopt("--workspace", server.workspaceId, "--ask-secrets", "--out", "pipelines/rest.yaml")).toBe(0);
  expect(read(project, "pipelines/rest.yaml")).toContain("password: ${secret:secondPassword}");
  const set = await project.pulumi(["config", "set", "--secret", "secondPassword", ...SETTINGS], { input: "new" });
  expect(set.code).toBe(0);
  const changes = await project.preview(...SETTINGS);
  expect(changes.map(({ op, name }) => [op, name])).toEqual([["update", "second"]]);
});

test("over the older API; a schedule that can't be said keeps as it is; whatever fails leaves everything as it was", async () => {
  const existing = await start({ publicApi: false });
  const { server } = existing;
  const { workspaceId } = server;
  const config = async (path: string, body: object) => {
    return existing.byHand<Record<string, string>>("POST", `/api/v1/${path}`, body);
  };
  const { sourceId } = await config("sources/create", { workspaceId, name: "Users", sourceDefinitionId: FAKER, connectionConfiguration: { count: 5 } });
  const { destinationId } = await config("destinations/create", {
    workspaceId,
    name: "Warehouse",
    destinationDefinitionId: POSTGRES,
    connectionConfiguration: { host: "db", port: 5432, database: "d", schema: "public", username: "u", password: SECRETS.password },
  });
  const discovered = (await config("sources/discover_schema", { sourceId, disable_cache: false })) as unknown as { catalog: object };
  await config("connections/create", {
    sourceId,
    destinationId,
    name: "Every day",
    syncCatalog: discovered.catalog,
    status: "active",
    scheduleType: "basic",
    scheduleData: { basicSchedule: { timeUnit: "hours", units: 24 } },
  });
  const project = new Project({ connectors: null });
  const adopt = adopter(project, existing);
  const files = () => ["pipelines.yaml", "Pulumi.dev.yaml", ".airbyte/dev/Pulumi.dev.yaml"].map((file) => read(project, file));

  // What isn't applied yet can't be told from what is there: nothing happens.
  mkdirSync(join(project.dir, "pipelines"));
  project.write("pipelines/other.yaml", "sources: { another: { connector: faker, configuration: { count: 1 } } }");
  const url = ["--url", server.url];
  await expect(adopt(...url)).rejects.toThrow(/changes that are not applied yet/);
  const before = files();
  await expect(adopt(...url)).rejects.toThrow(/changes that are not applied yet/);
  expect(files()).toEqual(before);
  expect(read(project, "pipelines.yaml")).toBe("sources: {}");
  rmSync(join(project.dir, "pipelines"), { recursive: true });

  // The file alone, then all of it.
  expect(await adopt(...url, "--no-state")).toBe(0);
  expect(read(project, "pipelines.yaml")).toContain(`adopt: ${sourceId}`);
  expect(await project.resources()).toEqual([]);
  expect((await project.preview(...SETTINGS)).map(({ op }) => op)).toEqual(["create", "create", "create", "create", "create"]);
  expect(await adopt(...url, "--force")).toBe(0);
  expect(await project.preview(...SETTINGS)).toEqual([]);
  expect(read(project, "pipelines.yaml")).toMatch(/# it has a schedule of the kind "basic"/);
  expect(await writes(existing)).toEqual(["POST /api/v1/connections/create", "POST /api/v1/destinations/create", "POST /api/v1/sources/create", "POST /api/v1/sources/discover_schema"]);
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
  expect(code).toContain("source: usersMoreSource");
  for (const secret of [...Object.values(SECRETS), WEBHOOK]) expect(code).not.toContain(secret);
});
