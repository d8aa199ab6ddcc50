import { expect, test } from "vitest";
import { Project } from "./project.ts";
import { API } from "./sample.ts";

const WEBHOOK = "https://hooks.example.com/services/s3cret-of-the-webhook";

const PIPELINES = `
workspaces:
  marketing:
    notifications: { failure: { webhook: { enabled: true, url: "\${secret:webhook}" } } }
tags:
  nightly: { color: 1F77B4, workspace: marketing }
sourceDefinitions:
  erp: { dockerRepository: me/source-erp, dockerImageTag: 1.0.0, workspace: marketing }
destinationDefinitions:
  lake: { dockerRepository: me/destination-lake, dockerImageTag: 1.0.0, workspace: marketing }
declarativeSourceDefinitions:
  shop: { manifestFile: shop.yaml, workspace: marketing }
sources:
  orders: { definition: shop, workspace: marketing, configuration: { key: "\${secret:shopKey}" } }
  invoices: { definition: erp, workspace: marketing }
destinations:
  archive: { definition: lake, workspace: marketing }
connections:
  orders-to-archive: { source: orders, destination: archive, tags: [nightly] }
permissions:
  user-reads: { permissionType: workspace_reader, userEmail: EMAIL, workspace: marketing }
regions:
  eu: { organizationId: ORGANIZATION, enabled: false }
applications:
  scheduler: {}
`;

const MANIFEST = `
version: 6.5.2
type: DeclarativeSource
spec:
  type: Spec
  connection_specification:
    type: object
    required: [key]
    properties: { key: { type: string, airbyte_secret: true } }
streams: [{ name: orders }]
`;

const SECRETS = { webhook: WEBHOOK, shopKey: "s3cret-key-of-the-shop" };

async function start(options: { pipelines?: string; program?: string }): Promise<Project> {
  const project = await Project.create(options);
  project.write("shop.yaml", MANIFEST);
  for (const [name, value] of Object.entries(SECRETS)) await project.setSecret(name, value);
  return project;
}

/** What is known once the embedded Airbyte runs: its organization, and the address of its only user. */
async function whoIsThere(project: Project): Promise<{ organizationId: string; email: string }> {
  const [organization] = (await project.byHand<{ data: { organizationId: string }[] }>("GET", `${API}/organizations`))
    .data;
  const path = `${API}/users?organizationId=${organization?.organizationId ?? ""}`;
  const [user] = (await project.byHand<{ data: { email: string }[] }>("GET", path)).data;
  return { organizationId: organization!.organizationId, email: user!.email };
}

test("in pipelines.yaml: every kind is made, left alone, changed, repaired after a change by hand, and destroyed", async () => {
  const withoutIds = PIPELINES.replace(/(permissions|regions):\n.*\n/g, "");
  const project = await start({ pipelines: withoutIds });
  expect((await project.up()).text).toMatch(/13 created/);
  const { organizationId, email } = await whoIsThere(project);
  project.write("pipelines.yaml", PIPELINES.replace("EMAIL", email).replace("ORGANIZATION", organizationId));
  expect((await project.up()).text).toMatch(/2 created\n\s+13 unchanged/);
  expect(await project.preview()).toEqual([]);

  const ids = await project.ids();
  const workspace = `${API}/workspaces/${ids["Workspace/marketing"]}`;
  const connection = `${API}/connections/${ids["Connection/orders-to-archive"]}`;
  expect(await project.byHand("GET", connection)).toMatchObject({
    workspaceId: ids["Workspace/marketing"],
    tags: [{ tagId: ids["Tag/nightly"], name: "nightly", color: "1F77B4" }],
  });
  const { outputs } = (await project.resources()).find(({ id }) => id === ids["Application/scheduler"])!;
  expect(Object.keys(outputs?.clientSecret as object)).toContain("ciphertext");

  // A change of each that can be changed.
  project.edit("pipelines.yaml", "1F77B4", "FF0000");
  project.edit("pipelines.yaml", "source-erp, dockerImageTag: 1.0.0", "source-erp, dockerImageTag: 2.0.0");
  project.edit("pipelines.yaml", "workspace_reader", "workspace_editor");
  project.edit("pipelines.yaml", ", enabled: false", ""); // back to its default
  project.edit("shop.yaml", "name: orders", "name: sales");
  expect((await project.preview()).map(({ op, name, fields }) => [op, name, ...fields]).sort()).toEqual([
    ["update", "erp", "dockerImageTag"],
    ["update", "eu", "enabled"],
    ["update", "nightly", "color"],
    ["update", "shop", "manifest.streams"],
    ["update", "user-reads", "permissionType"],
  ]);
  expect((await project.up()).text).toMatch(/5 updated\n\s+10 unchanged/);
  expect(await project.ids()).toEqual(ids);
  const region = `${API}/regions/${ids["Region/eu"]}`;
  expect(await project.byHand("GET", region)).toMatchObject({ name: "eu", enabled: true });

  // Changes behind Pulumi's back.
  await project.byHand("PATCH", workspace, { notifications: { failure: { webhook: { enabled: false } } } });
  await project.byHand("PATCH", `${API}/tags/${ids["Tag/nightly"]}`, { name: "nightly", color: "00FF00" });
  await project.byHand("PATCH", connection, { tags: [] });
  await project.byHand("DELETE", `${API}/permissions/${ids["Permission/user-reads"]}`);
  await project.refresh();
  const repairs = (await project.preview()).map(({ op, name, fields }) => [op, name, ...fields]);
  expect(repairs.sort()).toEqual([
    ["create", "user-reads"],
    ["update", "marketing", "notifications.failure.webhook.enabled"],
    ["update", "nightly", "color"],
    ["update", "orders-to-archive", "tags"],
  ]);
  await project.up();
  expect(await project.byHand("GET", connection)).toMatchObject({ tags: [{ color: "FF0000" }] });
  expect((await project.refresh()).text).toMatch(/15 unchanged/);
  expect(await project.preview()).toEqual([]);

  const { text } = await project.must("stack", "export", "--stack", "dev");
  const applications = await project.byHand<{ applications: { name: string; clientSecret: string }[] }>(
    "GET",
    `${API}/applications`,
  );
  const made = applications.applications.find(({ name }) => name === "scheduler");
  for (const secret of [...Object.values(SECRETS), made!.clientSecret]) expect(text).not.toContain(secret);

  // Nor does it hold a destroy up that somebody has deleted one meanwhile.
  const { "Permission/user-reads": anew } = await project.ids();
  expect(anew).not.toBe(ids["Permission/user-reads"]);
  await project.byHand("DELETE", `${API}/permissions/${anew}`);
  await project.destroy();
  expect(await project.resources()).toEqual([]);
});

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { embedded } from "@checkout/infra/targets/index.ts";
import { inStackWorkspace } from "@checkout/declaration/index.ts";
import {
  Application, Connection, DeclarativeSourceDefinition, Destination, DestinationDefinition, Permission, Source,
  SourceDefinition, Tag, Workspace,
} from "@checkout/providers/airbyte/index.ts";

const target = embedded({ target: "embedded", stateDir: ".airbyte/dev", pipelines: "", embedded: { connectors: "simulated" } });
const airbyte = inStackWorkspace(target.airbyte);
const config = new pulumi.Config();

const workspaceId = new Workspace("marketing", {
  airbyte,
  name: config.get("workspaceName") ?? "Marketing",
  notifications: { failure: { webhook: { enabled: true, url: "${WEBHOOK}" } } },
});
const tag = new Tag("nightly", { airbyte, workspaceId, color: "1F77B4" });
const erp = new SourceDefinition("erp", { airbyte, workspaceId, dockerRepository: "me/source-erp", dockerImageTag: "1" });
const lake = new DestinationDefinition("lake", {
  airbyte, workspaceId, dockerRepository: "me/destination-lake", dockerImageTag: "1",
});
const manifest = { spec: { type: "Spec" }, streams: [{ name: "orders" }] };
const shop = new DeclarativeSourceDefinition("shop", { airbyte, workspaceId, manifest });
const source = new Source("orders", { airbyte, workspaceId, definitionId: shop, configuration: {} });
new Source("invoices", { airbyte, workspaceId, definitionId: erp.definitionId, configuration: {} });
const destination = new Destination("archive", { airbyte, workspaceId, definitionId: lake, configuration: {} });
new Connection("by-resource", { airbyte, workspaceId, source, destination, tags: [tag] });
new Connection("by-id", { airbyte, workspaceId, source, destination, tags: [tag.tagId] });
const userId = config.get("userId");
if (userId !== undefined) {
  new Permission("user-edits", { airbyte, workspaceId, userId, permissionType: "workspace_editor" });
}
export const secret = new Application("scheduler", { airbyte }).clientSecret;
export const version = shop.version;
`;

test("in a program: by their classes, with one another as arguments; what is written in plain is a secret all the same", async () => {
  const project = await start({ program: PROGRAM });
  expect((await project.up()).text).toMatch(/14 created/);
  const [organization] = (await project.byHand<{ data: { organizationId: string }[] }>("GET", `${API}/organizations`))
    .data;
  const users = `${API}/users?organizationId=${organization?.organizationId ?? ""}`;
  const [user] = (await project.byHand<{ data: { id: string }[] }>("GET", users)).data;
  await project.must("config", "set", "userId", user!.id);
  expect((await project.up()).text).toMatch(/1 created\n\s+14 unchanged/);
  expect(await project.preview()).toEqual([]);
  expect((await project.refresh()).text).toMatch(/15 unchanged/);
  expect(await project.preview()).toEqual([]);

  // A workspace's new name changes the workspace, and nothing that is in it.
  await project.must("config", "set", "workspaceName", "Sales");
  expect(await project.preview()).toEqual([{ op: "update", type: "Workspace", name: "marketing", fields: ["name"] }]);
  await project.up();
  const ids = await project.ids();
  for (const name of ["by-resource", "by-id"]) {
    const { tags } = await project.byHand("GET", `${API}/connections/${ids[`Connection/${name}`]}`);
    expect(tags).toMatchObject([{ tagId: ids["Tag/nightly"], name: "nightly" }]);
  }
  const outputs = JSON.parse((await project.must("stack", "output", "--json", "--stack", "dev")).stdout) as object;
  expect(outputs).toMatchObject({ secret: "[secret]", version: 1 });
  expect((await project.must("stack", "export", "--stack", "dev")).text).not.toContain(WEBHOOK);
  await project.destroy();
  expect(await project.resources()).toEqual([]);
});

test("in production a workspace that leaves the file is kept, with all that is in it", async () => {
  const project = await Project.create({ pipelines: "workspaces: { marketing: {} }" });
  await project.must("config", "set", "production", "true");
  await project.up();
  project.write("pipelines.yaml", "sources: {}");
  const refused = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toMatch(/"[^"]*Workspace::marketing" cannot be deleted\s+because it is protected/);
});
