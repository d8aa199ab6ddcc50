import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ensureRunning, stop } from "../../embedded/launch.ts";
import { needsConnector } from "../embedded/connectors/real.ts";
import { startPostgres, whyNoPostgres } from "../embedded/syncs/postgresql.ts";
import { projectDir, pulumiCommand } from "../scripts/modules.ts";
import { byHandAt } from "./by-hand.ts";
import { newPlaceholder } from "../../scripts/placeholder.ts";
import { finish, Project, type Run } from "./project.ts";
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

type Connections = {
  data: { connectionId: string; name: string; status: string; schedule: { scheduleType: string } }[];
};

/** `npm run COMMAND` as it is once the set-up is done; `input` goes to its standard input. */
function command({ dir, env }: Project, name: string, args: string[], input = ""): Promise<Run> {
  const script = JSON.stringify(join(projectDir, "scripts", `${name}.mjs`));
  const code = `const { ${name} } = await import(${script});
    try { process.exitCode = await ${name}(process.cwd(), ${JSON.stringify(args)}, process.env); }
    catch (error) { console.error(error.message); process.exitCode = error.exitCode ?? 1; }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: dir,
    env: { ...env, INIT_CWD: dir },
  });
  child.stdin.end(input);
  return finish(child);
}

/** What a stack's embedded Airbyte has. */
async function airbyteOf({ dir }: Project, stack: string) {
  const byHand = byHandAt(await ensureRunning(join(dir, ".airbyte", stack, "embedded")));
  const { data } = await byHand<Connections>("GET", `${API}/connections?limit=100`);
  const connections = Object.fromEntries(data.map((connection) => [connection.name, connection]));
  const idOf = (name: string) => connections[name]?.connectionId ?? "";
  const state = (name: string) => byHand("POST", "/api/v1/state/get", { connectionId: idOf(name) });
  const jobs = async (name: string) => {
    return (await byHand<{ data: object[] }>("GET", `${API}/jobs?connectionId=${idOf(name)}`)).data.length;
  };
  return { byHand, connections, statuses: data.map(({ status }) => status), idOf, state, jobs };
}

const ended: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ended.reverse()) await end();
});

/** A project with a stack "dev" and an empty one "prod". */
async function twoStacks(
  pipelines: string,
  connectors: "simulated" | "real",
  after: (end: () => Promise<void>) => void,
) {
  const project = await Project.create({ pipelines, connectors, afterwards: after });
  after(() => stop(join(project.dir, ".airbyte/prod/embedded")).catch(() => undefined));
  const own = async (...args: string[]) => expect(await pulumiCommand.pulumi(project.dir, args, project.env)).toBe(0);
  await own("stack", "init", "prod");
  await own("config", "set", "target", "embedded", "--stack", "prod");
  await project.must("stack", "select", "dev");
  return { project, own };
}

let project: Project;
let own: (...args: string[]) => Promise<void>;

beforeAll(async () => {
  ({ project, own } = await twoStacks(MOVED, "simulated", (end) => void ended.push(end)));
});

const move = (...args: string[]) => command(project, "move", ["--to", "prod", ...args]);
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
  expect(text).toContain("From dev (embedded) to prod (embedded)");
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
  await own("config", "set", "schema", "analytics", "--stack", "prod");
  const set = ["config", "set", "--secret", "sheetKey", "--stack", "prod"];
  expect((await command(project, "pulumi", set, SECRETS.sheetKey)).code).toBe(0);
  const dev = await airbyteOf(project, "dev");
  const connectionId = dev.idOf("users-to-warehouse");
  const connectionState = { ...STATE, connectionId };
  await dev.byHand("POST", "/api/v1/state/create_or_update_safe", { connectionId, connectionState });
  const first = async () => [await project.resources(), await project.onServer("connections"), settingsOf("dev")];
  const before = await first();

  const check = await move("--check", "--with-secrets", "--with-state");
  expect(check.text).toMatch(/sync states +carried over: users-to-warehouse/);
  expect(check.text).toMatch(/orders-to-warehouse: all rows are synced again \(1 sync so far brought [\d,]+ rows\)/);
  expect(check.text).toContain("carried over from dev: warehousePassword");
  expect(check.code).toBe(0);
  expect((await project.must("stack", "export", "--stack", "prod")).stdout).not.toContain("airbyte:Source");

  const moved = await move("--with-secrets", "--with-state", "--yes");
  expect(moved.code, moved.text).toBe(0);
  expect(moved.text).toContain("users-to-warehouse: sync state carried over");
  expect(moved.text).toMatch(/paused there: dev goes on writing into the same tables \(users-to-warehouse\)/);
  const prod = await airbyteOf(project, "prod");
  expect(prod.statuses).toEqual(["inactive", "inactive"]);
  expect(await prod.state("users-to-warehouse")).toMatchObject(STATE);
  expect([await prod.jobs("users-to-warehouse"), await prod.jobs("orders-to-warehouse")]).toEqual([0, 0]);
  const data = readFileSync(join(project.dir, ".airbyte/prod/embedded/data.json"), "utf8");
  const { stdout: state } = await project.must("stack", "export", "--stack", "prod");
  for (const secret of Object.values(SECRETS)) {
    expect(data).toContain(secret);
    for (const text of [moved.text, check.text, state, settingsOf("prod")]) expect(text).not.toContain(secret);
  }
  expect(await first()).toEqual(before);
});

test("once the first stack is paused the next move starts the other, with the states there before anything syncs", async () => {
  await own("config", "set", "paused", "true", "--stack", "dev");
  await own("up", "--stack", "dev");
  expect((await airbyteOf(project, "dev")).statuses).toEqual(["inactive", "inactive"]);

  const moved = await move("--with-state", "--yes");
  expect(moved.code, moved.text).toBe(0);
  expect(moved.text).toContain("there already 5 of 5; they are not made twice");
  expect(moved.text).toMatch(
    /users-to-warehouse: sync state carried over[^]*"orders-to-warehouse": first sync: succeeded/,
  );
  expect(moved.text).toContain("2 connections of dev are in prod, and sync there as declared.");
  const prod = await airbyteOf(project, "prod");
  expect(prod.statuses).toEqual(["active", "active"]);
  expect(prod.connections["users-to-warehouse"]).toMatchObject({ schedule: { scheduleType: "cron" } });
  expect(await prod.state("users-to-warehouse")).toMatchObject(STATE);
  expect([await prod.jobs("users-to-warehouse"), await prod.jobs("orders-to-warehouse")]).toEqual([0, 1]);
  expect(settingsOf("prod")).not.toContain("paused");

  const again = await move("--without-state", "--yes");
  expect(again.code, again.text).toBe(0);
  expect(again.text).toContain("left as they are, since they have synced in prod: orders-to-warehouse");
  const after = await airbyteOf(project, "prod");
  expect([after.statuses, await after.jobs("orders-to-warehouse")]).toEqual([["active", "active"], 1]);
});

test("what the other stack does already is not paused because the first one writes the same tables: it is refused", async () => {
  const dev = await airbyteOf(project, "dev");
  await dev.byHand("PATCH", `${API}/connections/${dev.idOf("users-to-warehouse")}`, { status: "active" });
  const refused = await move("--yes");
  expect(refused.code).toBe(1);
  expect(refused.text).toContain("dev goes on writing by itself into the tables of users-to-warehouse; pause it first");
  expect(refused.text).toContain("npm run pulumi -- config set paused true --stack dev");
  expect((await airbyteOf(project, "prod")).statuses).toEqual(["active", "active"]);
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

test.skipIf(whyNoPostgres)(
  "real rows: into the same database the next Airbyte goes on where the first one was, without a word of the user's",
  { timeout: 900_000 },
  async (context) => {
    await needsConnector(context, "source-faker", "pyairbyte");
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const configuration = { ...postgres.configuration, password: "${secret:password}", ssl_mode: { mode: "disable" } };
    const { project: real } = await twoStacks(
      `
sources: { shop: { connector: faker, configuration: { count: 50, seed: 1 } } }
destinations:
  warehouse: { connector: postgres, configuration: ${JSON.stringify(configuration)} }
connections:
  shop-to-warehouse:
    source: shop
    destination: warehouse
    streams: [{ name: users, syncMode: incremental_deduped_history }]
    sync: { onCreate: true, timeout: 10m }
`,
      "real",
      onTestFinished,
    );
    await real.setSecret("password", postgres.configuration.password);
    await real.up();
    const moveReal = (...args: string[]) => command(real, "move", ["--to", "prod", "--with-secrets", "--yes", ...args]);
    const paused = await moveReal("--paused");
    expect(paused.code, paused.text).toBe(0);
    expect(paused.text).toMatch(/sync states +carried over: shop-to-warehouse/);
    const [dev, prod] = [await airbyteOf(real, "dev"), await airbyteOf(real, "prod")];
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
