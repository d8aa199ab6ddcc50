import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { stop } from "../../embedded/index.ts";
import { createEmbeddedServer, type EmbeddedServer } from "../../embedded/server.ts";
import { commandsOf } from "../docs/pages.ts";
import { needsConnector } from "../embedded/connectors/real.ts";
import { startPostgres, whyNoPostgres } from "../../bench/syncs/warehouses.ts";
import { newPlaceholder } from "../../scripts/stack/config.ts";
import { embeddedOf, type, whatHas } from "./moving.ts";
import { command, Project } from "./project.ts";
import { API, PIPELINES, SECRETS } from "./sample.ts";

/** The sample with a value of the stack's, a schedule that never comes in a test, and a first sync. */
const MOVED = PIPELINES.replace("schema: public", 'schema: "${config:schema}"')
  .replace("0 0 6 * * ?", "0 0 6 1 1 ?")
  .trimEnd()
  .concat("\n    sync: { onCreate: true }\n");

const STATE = {
  stateType: "stream",
  streamState: [{ streamDescriptor: { name: "users" }, streamState: { seen: 100 } }],
};

const ended: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ended.reverse()) await end();
});

let project: Project;
/** One's own, which the stack "prod" is told of. */
let airbyte: EmbeddedServer;

const lines = commandsOf("docs/move.md#from-a-trial-to-the-real-thing");
const [check = "", go = ""] = lines.splice(-2);

beforeAll(async () => {
  project = new Project({ pipelines: MOVED, connectors: null, afterwards: (end) => void ended.push(end) });
  project.write("Pulumi.dev.yaml", "config:\n  airbyte-on-pulumi:embedded: { connectors: simulated }\n");
  await project.must("stack", "init", "dev");
  airbyte = await createEmbeddedServer({ dataDir: join(project.dir, "airbyte"), connectors: "simulated" });
  ended.push(() => airbyte.close());
  for (const line of lines) {
    const filledIn = line.replace("https://airbyte.example.com", airbyte.url).replace("4f6c1a2e-…", airbyte.clientId);
    const { code, text } = await type(project, filledIn, { input: airbyte.clientSecret });
    expect(code, text).toBe(0);
  }
  await project.must("stack", "select", "dev");
});

const move = (...more: string[]) => type(project, go, { more });
const inDev = async () => whatHas(await embeddedOf(project, "dev"));
const inProd = () => whatHas(airbyte);
const settingsOf = (stack: string) => readFileSync(join(project.dir, `Pulumi.${stack}.yaml`), "utf8");

test("what stands in the way is said at once, with the commands for it, and nothing is changed", async () => {
  const early = await move();
  expect([early.code, early.text]).toEqual([1, "dev has nothing to move yet: npm start -- --stack dev\n"]);

  await project.must("config", "set", "schema", "analytics");
  await project.setSecret("sheetKey", newPlaceholder());
  await project.setSecret("warehousePassword", SECRETS.warehousePassword);
  await project.up();
  const before = settingsOf("prod");
  const { code, text } = await move("--yes");
  expect(code).toBe(1);
  expect(text).toContain("From dev (embedded) to prod (existing)");
  expect(text).toMatch(/npm run pulumi -- config set --secret sheetKey --stack prod +\(dev has a made-up placeholder/);
  expect(text).toContain("npm run pulumi -- config set --secret warehousePassword --stack prod\n");
  expect(text).toContain("or carry dev's own over: --with-secrets");
  expect(text).toContain("npm run pulumi -- config set schema analytics --stack prod");
  expect(text).toContain("To mend: secrets, values.");
  expect(text).toContain("Nothing was changed.");
  expect(text).not.toContain(SECRETS.warehousePassword);
  expect(settingsOf("prod")).toBe(before);
  expect((await project.must("stack", "export", "--stack", "prod")).stdout).not.toContain("airbyte:Source");
});

test("everything is made, paused while both stacks would write the same tables; the first stack is left as it was", async () => {
  const set = ["config", "set", "--stack", "prod"];
  expect((await command(project, "pulumi", [...set, "schema", "analytics"])).code).toBe(0);
  expect((await command(project, "pulumi", [...set, "--secret", "sheetKey"], { input: SECRETS.sheetKey })).code).toBe(
    0,
  );
  const dev = await inDev();
  const connectionId = dev.idOf("users-to-warehouse");
  const connectionState = { ...STATE, connectionId };
  await dev.byHand("POST", "/api/v1/state/create_or_update_safe", { connectionId, connectionState });
  const first = async () => [await project.resources(), await project.onServer("connections"), settingsOf("dev")];
  const before = await first();

  const checked = await type(project, check, { more: ["--with-secrets", "--with-state"] });
  expect(checked.text).toMatch(/sync states +carried over: users-to-warehouse/);
  expect(checked.text).toMatch(/orders-to-warehouse: all rows are synced again \(1 sync so far brought [\d,]+ rows\)/);
  expect(checked.text).toContain("carried over from dev: warehousePassword");
  expect(checked.code).toBe(0);
  expect((await project.must("stack", "export", "--stack", "prod")).stdout).not.toContain("airbyte:Source");

  const moved = await move("--with-secrets", "--with-state", "--yes");
  expect(moved.code, moved.text).toBe(0);
  expect(moved.text).toContain("users-to-warehouse: sync state carried over");
  expect(moved.text).toMatch(/paused there: dev goes on writing into the same tables \(users-to-warehouse\)/);
  const prod = await inProd();
  expect(prod.statuses).toEqual(["inactive", "inactive"]);
  expect(await prod.state("users-to-warehouse")).toMatchObject(STATE);
  expect([await prod.jobs("users-to-warehouse"), await prod.jobs("orders-to-warehouse")]).toEqual([0, 0]);
  const data = readFileSync(join(project.dir, "airbyte/data.json"), "utf8");
  const { stdout: state } = await project.must("stack", "export", "--stack", "prod");
  for (const secret of Object.values(SECRETS)) {
    expect(data).toContain(secret);
    for (const text of [moved.text, checked.text, state, settingsOf("prod")]) expect(text).not.toContain(secret);
  }
  expect(await first()).toEqual(before);
});

test("once the first stack is paused the next move starts the other, with the states there before anything syncs", async () => {
  const [pause = "", up = "", start = ""] = commandsOf("docs/move.md#two-airbytes-the-same-tables");
  for (const line of [pause, up]) expect((await type(project, line)).code).toBe(0);
  expect((await inDev()).statuses).toEqual(["inactive", "inactive"]);

  const moved = await type(project, start, { more: ["--with-state", "--yes"] });
  expect(moved.code, moved.text).toBe(0);
  expect(moved.text).toContain("there already 5 of 5; they are not made twice");
  expect(moved.text).toMatch(
    /users-to-warehouse: sync state carried over[^]*"orders-to-warehouse": first sync: succeeded/,
  );
  expect(moved.text).toContain("2 connections of dev are in prod, and sync there as declared.");
  const prod = await inProd();
  expect(prod.statuses).toEqual(["active", "active"]);
  expect(prod.connections["users-to-warehouse"]).toMatchObject({ schedule: { scheduleType: "cron" } });
  expect(await prod.state("users-to-warehouse")).toMatchObject(STATE);
  expect([await prod.jobs("users-to-warehouse"), await prod.jobs("orders-to-warehouse")]).toEqual([0, 1]);
  expect(settingsOf("prod")).not.toContain("paused");

  const again = await move("--without-state", "--yes");
  expect(again.code, again.text).toBe(0);
  expect(again.text).toContain("left as they are, since they have synced in prod: orders-to-warehouse");
  const after = await inProd();
  expect([after.statuses, await after.jobs("orders-to-warehouse")]).toEqual([["active", "active"], 1]);
});

test("what the other stack does already is not paused because the first one writes the same tables: it is refused", async () => {
  const dev = await inDev();
  await dev.byHand("PATCH", `${API}/connections/${dev.idOf("users-to-warehouse")}`, { status: "active" });
  const refused = await move("--yes");
  expect(refused.code).toBe(1);
  expect(refused.text).toContain("dev goes on writing by itself into the tables of users-to-warehouse; pause it first");
  expect(refused.text).toContain("npm run pulumi -- config set paused true --stack dev");
  expect((await inProd()).statuses).toEqual(["active", "active"]);
});

test("the graph is the state's, and nothing else is on standard output", async () => {
  const { code, stdout } = await command(project, "graph", ["--stack", "prod"]);
  expect(code).toBe(0);
  expect(stdout.split("\n").slice(1)).toEqual([
    "flowchart LR",
    '  s1(["orders"])',
    '  s2(["users"])',
    '  d1[("warehouse")]',
    '  s1 -->|"orders-to-warehouse<br/>by hand"| d1',
    '  s2 -->|"users-to-warehouse<br/>0 0 6 1 1 ? UTC"| d1',
    "",
  ]);
  const file = await command(project, "graph", ["--out", "pipelines.mmd", "--markdown"]);
  expect([file.code, file.stdout]).toEqual([0, ""]);
  expect(readFileSync(join(project.dir, "pipelines.mmd"), "utf8")).toMatch(
    /^```mermaid\n%% .*\nflowchart LR\n[^]*```\n$/,
  );
  const taken = await command(project, "graph", ["--out", "pipelines.yaml"]);
  expect([taken.code, taken.text]).toEqual([1, "pipelines.yaml is there already, and no graph: name another file.\n"]);
});

test(
  "real rows: into the same database the next Airbyte goes on where the first one was, without a word of the user's",
  { timeout: 900_000 },
  async (context) => {
    if (whyNoPostgres !== undefined) return context.skip(whyNoPostgres);
    await needsConnector(context, "source-faker", "pyairbyte");
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const configuration = { ...postgres.configuration, password: "${secret:password}", ssl_mode: { mode: "disable" } };
    const pipelines = `
sources: { shop: { connector: faker, configuration: { count: 50, seed: 1 } } }
destinations:
  warehouse: { connector: postgres, configuration: ${JSON.stringify(configuration)} }
connections:
  shop-to-warehouse:
    source: shop
    destination: warehouse
    streams: [{ name: users, syncMode: incremental_deduped_history }]
    sync: { onCreate: true, timeout: 10m }
`;
    const real = await Project.create({ pipelines, connectors: "real" });
    onTestFinished(() => stop(join(real.dir, ".airbyte/prod/embedded")).catch(() => undefined));
    for (const args of [
      ["stack", "init", "prod"],
      ["config", "set", "target", "embedded", "--stack", "prod"],
    ])
      expect((await command(real, "pulumi", args)).code).toBe(0);
    await real.must("stack", "select", "dev");
    await real.setSecret("password", postgres.configuration.password);
    await real.up();
    const moveReal = (...args: string[]) => command(real, "move", ["--to", "prod", "--with-secrets", "--yes", ...args]);
    const paused = await moveReal("--paused");
    expect(paused.code, paused.text).toBe(0);
    expect(paused.text).toMatch(/sync states +carried over: shop-to-warehouse/);
    const [dev, prod] = [await whatHas(await embeddedOf(real, "dev")), await whatHas(await embeddedOf(real, "prod"))];
    const { streamState } = await dev.state("shop-to-warehouse");
    expect(streamState).toHaveLength(1);
    expect(await prod.state("shop-to-warehouse")).toMatchObject({ streamState });
    expect(await prod.jobs("shop-to-warehouse")).toBe(0);

    const started = await moveReal();
    expect(started.code, started.text).toBe(0);
    expect(started.text).toMatch(/connection "shop-to-warehouse": first sync: succeeded/);
    expect(postgres.query("select count(*), count(distinct id) from public.users")).toEqual([["50", "50"]]);
  },
);
