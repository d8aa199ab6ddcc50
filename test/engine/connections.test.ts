import { expect, test } from "vitest";
import { Project } from "./project.ts";
import { API, FAKER, POSTGRES } from "./sample.ts";

const WAREHOUSE = `
  warehouse:
    definitionId: ${POSTGRES}
    configuration: { host: h, port: 5432, database: d, schema: public, username: u, password: p4ssw0rd-of-it }
`;

/** A low-code connector whose streams have an id. */
function manifest(...names: string[]) {
  const schema = { type: "object", properties: { id: { type: "integer" } } };
  const streams = names.map((name) => ({ name, schema_loader: { type: "InlineSchemaLoader", schema } }));
  const spec = { type: "Spec", connection_specification: { type: "object", properties: {} } };
  return { type: "DeclarativeSource", spec, streams };
}

test("streams by pattern: resolved in the preview, new ones upstream show after a refresh, mistakes stop it", async () => {
  const project = await Project.create();
  await project.up();
  const { workspaceId } = JSON.parse((await project.must("stack", "output", "--json")).stdout) as Record<
    string,
    string
  >;
  const definitions = `${API}/workspaces/${workspaceId}/definitions/declarative_sources`;
  const body = { name: "shop", manifest: manifest("orders", "users", "load_tmp") };
  const { id } = await project.byHand<{ id: string }>("POST", definitions, body);
  project.write(
    "pipelines.yaml",
    `
sources:
  shop: { definitionId: ${id}, configuration: {} }
destinations: ${WAREHOUSE}
connections:
  shop-to-warehouse:
    source: shop
    destination: warehouse
    schedule: { every: 6 hours, timeZone: Europe/Berlin }
    streamDefaults: { syncMode: full_refresh_append }
    streams: ["*", "!*_tmp"]
`,
  );
  await project.up();
  expect((await project.preview()).length).toBe(0);
  const [connection] = await project.onServer("connections");
  expect(connection).toMatchObject({
    schedule: { cronExpression: "0 0 0/6 * * ? Europe/Berlin" },
    configurations: { streams: [{ name: "orders", syncMode: "full_refresh_append" }, { name: "users" }] },
  });

  await project.byHand("PUT", `${definitions}/${id}`, { manifest: manifest("orders", "users", "invoices") });
  await project.refresh();
  expect(await project.preview()).toMatchObject([{ op: "update", name: "shop-to-warehouse" }]);
  const shown = await project.must("preview", "--diff", "--stack", "dev");
  expect(shown.text).toMatch(/\+ .*name\s*: "invoices"|name\s*: "invoices"/);
  await project.up();
  expect(await project.preview()).toEqual([]);

  project.edit("pipelines.yaml", `["*", "!*_tmp"]`, `[{ name: order, syncMode: incremental_append }]`);
  const unknown = await project.pulumi(["preview", "--stack", "dev"]);
  expect(unknown.code).not.toBe(0);
  expect(unknown.text).toContain('streams[0]: the source offers no stream "order"; did you mean "orders"?');
});

test("the first sync is awaited with progress; a failed one keeps the connection, and an edit waits for a running one", async () => {
  const project = await Project.create();
  await project.must("config", "set", "--path", "embedded.faults", "true");
  await project.must("config", "set", "--path", "embedded.connectors", "simulated");
  // The Airbyte first, so that it can be told to misbehave.
  await project.up();
  await project.byHand("POST", "/faults", { jobError: "the disk of the warehouse is full" });
  project.write(
    "pipelines.yaml",
    `
sources:
  users: { definitionId: ${FAKER}, configuration: { count: 7 } }
destinations: ${WAREHOUSE}
connections:
  users-to-warehouse:
    source: users
    destination: warehouse
    streams: [users]
    sync: { onCreate: true, timeout: 2m }
`,
  );

  const failed = await project.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  expect(failed.code).not.toBe(0);
  expect(failed.text).toMatch(/first sync failed \(job \d+\): the disk of the warehouse is full/);
  const { "Connection/users-to-warehouse": kept } = await project.ids();
  expect(kept).toBeDefined();

  await project.byHand("DELETE", "/faults");
  const mended = await project.up();
  expect(mended.text).toMatch(/connection "users-to-warehouse": first sync: succeeded, 7 rows/);
  // How far it is stands there while it matters, and not again below.
  expect(mended.text).toMatch(/first sync: (pending|running)/);
  expect(mended.text.split("Diagnostics:")[1]).not.toMatch(/first sync: (pending|running)/);
  expect((await project.ids())["Connection/users-to-warehouse"]).toBe(kept);
  expect((await project.up()).text).toMatch(/unchanged/);

  await project.byHand("POST", "/faults", { jobMs: 300_000 });
  await project.byHand("POST", `${API}/jobs`, { connectionId: kept, jobType: "sync" });
  project.edit("pipelines.yaml", "streams: [users]", "streams: [users, products]");
  const preview = await project.must("preview", "--stack", "dev");
  expect(preview.text).toMatch(/job \d+ is (pending|running): the change waits for its end/);
  project.edit("pipelines.yaml", "    sync:", "    onRunningSync: cancel\n    sync:");
  expect((await project.up()).text).toMatch(/is cancelled, so that the connection can be changed/);
  const { data } = await project.byHand<{ data: { status: string }[] }>("GET", `${API}/jobs?connectionId=${kept}`);
  expect(data.map(({ status }) => status)).toEqual(["cancelled", "succeeded", "failed"]);
});

test("what others manage is looked up by id or by name, read and never changed or deleted", async () => {
  const program = (lookUps: string) => `
import { embedded } from "@checkout/infra/targets/index.ts";
import { Connection, DefaultWorkspace, Destination, Source, Tag, Workspace } from "@checkout/providers/airbyte/index.ts";

const target = embedded({ target: "embedded", stateDir: ".airbyte/dev", pipelines: "", embedded: { connectors: "simulated" } });
const airbyte = { ...target.airbyte, workspaceId: new DefaultWorkspace("workspace", target.airbyte).workspaceId };
${lookUps}
`;
  const project = await Project.create({ program: program("") });
  await project.up();
  const [workspace] = (await project.byHand<{ data: { workspaceId: string }[] }>("GET", `${API}/workspaces`)).data;
  const { workspaceId } = workspace!;
  const crm = { name: "CRM", workspaceId, definitionId: FAKER, configuration: { count: 3 } };
  const { sourceId } = await project.byHand<{ sourceId: string }>("POST", `${API}/sources`, crm);
  const configuration = {
    host: "h",
    port: 5432,
    database: "d",
    schema: "s",
    username: "u",
    password: "n0body-sees-this",
  };
  const { destinationId } = await project.byHand<{ destinationId: string }>("POST", `${API}/destinations`, {
    name: "Warehouse",
    workspaceId,
    definitionId: POSTGRES,
    configuration,
  });
  await project.byHand("POST", `${API}/tags`, { name: "gold", color: "FFAA00", workspaceId });
  const lookUps = `
const source = Source.get("crm", { name: "CRM" }, { airbyte });
const destination = Destination.get("warehouse", "${destinationId}", { airbyte });
const connection = new Connection("crm-to-warehouse", { airbyte, source, destination, streams: ["users"] });
export const seen = [source.sourceId, source.name, source.definitionId, destination.name];
const workspace = Workspace.get("found", { name: "Default Workspace" }, { airbyte });
const tag = Tag.get("gold", { name: "gold" }, { airbyte, workspaceId: workspace });
export const others = [workspace.workspaceId, tag.color];
export const again = Connection.get("again", connection.id, { airbyte }).sourceId;
`;
  project.write("index.ts", program(lookUps).replaceAll("@checkout", "."));
  await project.up();
  const outputs = JSON.parse((await project.must("stack", "output", "--json")).stdout) as Record<string, unknown>;
  expect(outputs.again).toBe(sourceId);
  expect(outputs.others).toEqual([workspaceId, "FFAA00"]);
  expect(outputs.seen).toEqual([sourceId, "CRM", FAKER, "Warehouse"]);
  const state = await project.must("stack", "export", "--stack", "dev");
  expect(state.text).not.toContain("n0body-sees-this");
  expect((await project.up()).text).not.toMatch(/updated|created|deleted/);
  await project.refresh();

  project.write("index.ts", program("").replaceAll("@checkout", "."));
  expect((await project.up()).text).toMatch(/1 deleted/); // the connection alone
  expect((await project.byHand<{ name: string }>("GET", `${API}/sources/${sourceId}`)).name).toBe("CRM");
});
