import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsOf, ownCommand } from "../docs/pages.ts";
import {
  adopter,
  fill,
  read,
  SECRETS,
  SETTINGS,
  start,
  WAREHOUSE,
  withoutImport,
  writes,
  type Existing,
} from "./adopting.ts";
import { Project } from "./project.ts";
import { API, FAKER, POSTGRES } from "./sample.ts";

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
  return JSON.stringify({
    version: 4,
    terraform_version: "1.9.0",
    resources: [
      { mode: "data", type: "airbyte_workspace", name: "own", instances: [] },
      resource("airbyte_destination", "main_warehouse", {
        destination_id: ids.warehouse,
        name: "Warehouse",
        configuration: JSON.stringify(WAREHOUSE),
      }),
      {
        ...resource(
          "airbyte_source",
          "shop",
          { source_id: ids.orders, name: "Orders", configuration: JSON.stringify({ key: KEY_OF_LINES }) },
          { index_key: "eu" },
        ),
        module: "module.shops",
      },
      resource("airbyte_connection", "shop_orders", { connection_id: ids.plain, name: "Orders" }),
      resource("airbyte_declarative_source_definition", "shop", { id: ids.shop, name: "Shop" }),
      resource("airbyte_source_faker", "users", {
        source_id: ids.users,
        name: "Users & more",
        configuration: { count: 5 },
      }),
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
  const [line = ""] = commandsOf("docs/adopt.md#from-terraform");
  expect(await adopt(...ownCommand(line.replace("https://airbyte.example.com", server.url)).args)).toBe(0);
  expect((await writes(existing)).sort()).toEqual([]);
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
    configuration: WAREHOUSE,
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
  const { sourceId } = await config("sources/create", {
    workspaceId,
    name: "Users",
    sourceDefinitionId: FAKER,
    connectionConfiguration: { count: 5 },
  });
  const { destinationId } = await config("destinations/create", {
    workspaceId,
    name: "Warehouse",
    destinationDefinitionId: POSTGRES,
    connectionConfiguration: WAREHOUSE,
  });
  const discovered = (await config("sources/discover_schema", { sourceId, disable_cache: false })) as unknown as {
    catalog: object;
  };
  await config("connections/create", {
    sourceId,
    destinationId,
    name: "Every day",
    syncCatalog: discovered.catalog,
    status: "active",
    scheduleType: "basic",
    scheduleData: { basicSchedule: { timeUnit: "hours", units: 24 } },
  });
  const project = await Project.create({ connectors: null });
  const tokenUrl = `${server.url}/api/v1/applications/token`;
  for (const [key, value] of Object.entries({ target: "existing", url: server.url, tokenUrl })) {
    await project.must("config", "set", "--plaintext", key, value);
  }
  const adopt = adopter(project, existing);
  const files = () => ["pipelines.yaml", "Pulumi.dev.yaml"].map((file) => read(project, file));

  // What isn't applied yet can't be told from what is there: nothing happens.
  mkdirSync(join(project.dir, "pipelines"));
  project.write("pipelines/other.yaml", "sources: { another: { connector: faker, configuration: { count: 1 } } }");
  const before = files();
  await expect(adopt()).rejects.toThrow(/changes that are not applied yet/);
  expect(files()).toEqual(before);
  expect(read(project, ".airbyte/dev/Pulumi.dev.yaml")).not.toContain("clientSecret");
  rmSync(join(project.dir, "pipelines"), { recursive: true });

  const failing = adopter(project, existing, withoutImport(project));
  await expect(failing()).rejects.toThrow(/could not be imported[^]*the disk is full/);
  expect(files()).toEqual(before);
  expect(await project.resources()).toEqual([]);

  // The file alone, then all of it.
  expect(await adopt("--no-state")).toBe(0);
  expect(read(project, "pipelines.yaml")).toContain(`adopt: ${sourceId}`);
  expect(await project.resources()).toEqual([]);
  expect((await project.preview(...SETTINGS)).map(({ op }) => op)).toEqual([
    "create",
    "create",
    "create",
    "create",
    "create",
  ]);
  expect(await adopt("--force")).toBe(0);
  expect(await project.preview(...SETTINGS)).toEqual([]);
  expect(read(project, "pipelines.yaml")).toMatch(/# it has a schedule of the kind "basic"/);
  expect((await writes(existing)).sort()).toEqual([
    "POST /api/v1/connections/create",
    "POST /api/v1/destinations/create",
    "POST /api/v1/sources/create",
    "POST /api/v1/sources/discover_schema",
  ]);
});
