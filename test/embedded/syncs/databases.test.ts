import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { databaseDestination } from "../../../embedded/connectors/destinations.ts";
import { pythonEnvironment } from "../../../embedded/connectors/python/environments.ts";
import { WriterPool } from "../../../embedded/connectors/python/writers.ts";
import type { CommittedRows, Table } from "../../../embedded/connectors/connector.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import { needsConnector } from "../connectors/real.ts";
import { queryDuckDb } from "./duckdb.ts";
import { startPostgres, whyNoPostgres, type Postgres } from "../../../bench/syncs/warehouses.ts";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

beforeEach((context) => needsConnector(context, "pyairbyte"), 900_000);

const folder = mkdtempSync(join(tmpdir(), "embedded-airbyte-"));
const pool = new WriterPool(() => pythonEnvironment("pyairbyte", () => undefined), join(folder, "writers"), folder);
let postgres: Postgres;

beforeAll(async () => {
  if (whyNoPostgres === undefined) postgres = await startPostgres();
}, 300_000);
afterAll(async () => {
  await pool.close();
  await (postgres as Postgres | undefined)?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const kinds = {
  duckdb: {
    destination: databaseDestination({ kind: "duckdb", pool, schema: () => "main", commitRows: 3 }),
    configuration: (): JsonObject => ({ destination_path: join(folder, "test.duckdb") }),
    query: (sql: string) => queryDuckDb(join(folder, "test.duckdb"), sql),
    tables: "select table_name from information_schema.tables where table_schema = 'main' and table_name like '%'",
    skipped: undefined as string | undefined,
  },
  postgres: {
    destination: databaseDestination({ kind: "postgres", pool, schema: () => "public", commitRows: 3 }),
    configuration: (): JsonObject => postgres.configuration,
    query: (sql: string) => Promise.resolve(postgres.query(sql)),
    tables: "select table_name from information_schema.tables where table_schema = 'public'",
    skipped: whyNoPostgres,
  },
};

const properties = {
  id: { type: "integer" },
  name: { type: ["null", "string"] },
  at: { type: "string", format: "date-time" },
  detail: { type: "object" },
  amount: { type: "number" },
};

function table(name: string, given: Partial<Table> = {}): Table {
  return {
    ...{ name, namespace: null, schema: null, prefix: "", mode: "append_dedup", incremental: true },
    jsonSchema: { type: "object", properties },
    primaryKey: [["id"]],
    cursorField: ["at"],
    ...given,
  };
}

const record = (stream: string, data: object, namespace?: string) =>
  JSON.stringify({ type: "RECORD", record: { stream, namespace, data, emitted_at: 1_700_000_000_000 } });
const state = (stream: string, n: number) =>
  JSON.stringify({
    type: "STATE",
    state: { type: "STREAM", stream: { stream_descriptor: { name: stream }, stream_state: { n } } },
  });

describe.each(["duckdb", "postgres"] as const)("into %s", { timeout: 600_000 }, (kind) => {
  const { destination, configuration, query, tables, skipped } = kinds[kind];

  async function open(tables: Table[], signal = new AbortController().signal) {
    const states: JsonObject[] = [];
    const committed: CommittedRows[] = [];
    const writer = await destination.write({
      configuration: configuration(),
      tables,
      connectionId: "c",
      signal,
      onState: (one) => states.push(one),
      onCommitted: (rows) => committed.push(...rows),
    });
    return { writer, states, committed };
  }

  async function sync(tables: Table[], lines: string[], finish: "end" | "keep" = "end") {
    const { writer, ...told } = await open(tables);
    for (const line of lines) await writer.write(line);
    await writer[finish]();
    await writer.close();
    return told;
  }

  const run = skipped === undefined ? test : test.skip;

  run("values arrive as they are", async () => {
    const rows = [
      { id: 9_007_199_254_740_991, name: "007", at: "2026-01-02T03:04:05Z", detail: { a: [1, "\t"] }, amount: 0.25 },
      { id: 2, name: 'Zoë "Z" O\'Neill\\\t\n', at: "2026-01-02T05:04:05+02:00", detail: null, amount: null },
      { id: 3, name: "", extra: true },
      { id: 4, name: null },
    ];
    await sync(
      [table("people")],
      rows.map((row) => record("people", row)),
    );
    const found = await query(
      `select id, case when name = '007' then '007' when name is null then 'null' else '' end,
        cast(amount * 100 as integer), extract(hour from "at" at time zone 'UTC') from people order by id`,
    );
    expect(found.map((row) => row.map((cell) => cell ?? ""))).toEqual([
      ["2", "", "", "3"],
      ["3", "", "", ""],
      ["4", "null", "", ""],
      ["9007199254740991", "007", "25", "3"],
    ]);
    const quoted = `Zoë "Z" O''Neill\\' || chr(9) || chr(10)`;
    expect(await query(`select count(*) from people where name = '${quoted}`)).toEqual([["1"]]);
  });

  run("a key is there once, as it was last, within a sync and over syncs", async () => {
    const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
    const one = (id: number, day: number, name: string) => record("keys", { id, at: at(day), name });
    await sync([table("keys")], [one(1, 1, "old"), one(1, 2, "new"), one(2, 1, "b"), one(1, 1, "late")]);
    expect(await query("select id, name from keys order by id")).toEqual([
      ["1", "new"],
      ["2", "b"],
    ]);
    await sync([table("keys")], [one(2, 3, "B"), one(3, 3, "c")]);
    expect(await query("select id, name from keys order by id")).toEqual([
      ["1", "new"],
      ["2", "B"],
      ["3", "c"],
    ]);
    await sync([table("keys", { mode: "overwrite_dedup" })], [one(5, 1, "x"), one(5, 2, "y")]);
    expect(await query("select id, name from keys")).toEqual([["5", "y"]]);
  });

  run("append adds, overwrite replaces, and overwriting with nothing empties", async () => {
    const append = table("log", { mode: "append" });
    await sync([append], [record("log", { id: 1 })]);
    await sync([append], [record("log", { id: 1 })]);
    expect(await query("select count(*) from log")).toEqual([["2"]]);
    await sync([table("log", { mode: "overwrite" })], [record("log", { id: 2 })]);
    expect(await query("select id from log")).toEqual([["2"]]);
    await sync([table("log", { mode: "overwrite" })], []);
    expect(await query("select count(*) from log")).toEqual([["0"]]);
  });

  run("a stream may have any name, a prefix, and a schema of its own; columns are added", async () => {
    const order = table("order", { mode: "overwrite", prefix: "Raw ", schema: "Sales" });
    await sync(
      [order, table("order", { namespace: "eu", mode: "overwrite" })],
      [record("order", { id: 1 }), record("order", { id: 2 }, "eu")],
    );
    await sync([table("order", { mode: "overwrite" })], [record("order", { id: 3 })]);
    expect(await query("select id from sales.raw_order")).toEqual([["1"]]);
    expect(await query('select id from "order"')).toEqual([["3"]]);
    const wider = { type: "object", properties: { ...properties, colour: { type: "string" } } };
    await sync([table("order", { mode: "append", jsonSchema: wider })], [record("order", { id: 4, colour: "red" })]);
    expect(await query('select id, colour from "order" order by id')).toEqual([
      ["3", kind === "duckdb" ? null : ""],
      ["4", "red"],
    ]);
  });

  run("names are names, whatever SQL they hold", async () => {
    await sync([table("bait")], [record("bait", { id: 1 })]);
    const hostile = `x"; drop table bait; --'; drop table bait; --`;
    const named = { type: "object", properties: { ...properties, [hostile]: { type: "string" } } };
    const stream = table(hostile, {
      mode: "overwrite",
      prefix: `p"';`,
      schema: `s"'; drop table bait;`,
      jsonSchema: named,
    });
    await sync([stream], [record(hostile, { id: 1, [hostile]: hostile })]);
    expect(await query("select id from bait")).toEqual([["1"]]);
  });

  run("an incremental stream is committed at states, others at the end alone", async () => {
    const lines = [1, 2, 3].map((id) => record("steps", { id }));
    const { writer, states, committed } = await open([table("steps"), table("whole", { mode: "overwrite" })]);
    for (const line of [...lines, record("whole", { id: 1 }), state("steps", 3), record("steps", { id: 4 })])
      await writer.write(line);
    // The pipe is emptied by what is more than it holds.
    for (let n = 0; n < 2_000 && states.length === 0; n++)
      await writer.write(record("other", { filler: "x".repeat(100) }));
    for (let n = 0; n < 200 && states.length === 0; n++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(states).toMatchObject([{ stream: { stream_state: { n: 3 } } }]);
    expect(committed).toEqual([{ name: "steps", namespace: null, rows: 3 }]);
    await writer.close();
    expect(await query("select count(*) from steps")).toEqual([["3"]]);
  });

  run(
    "what fails in the middle keeps what incremental streams have, and leaves the tables that were to be replaced",
    async () => {
      const whole = table("kept", { mode: "overwrite" });
      await sync([whole], [record("kept", { id: 1 })]);
      const lines = [record("kept", { id: 2 }), record("part", { id: 1 }), state("part", 1), state("kept", 2)];
      const { states } = await sync([whole, table("part")], lines, "keep");
      expect(await query("select id from kept")).toEqual([["1"]]);
      expect(await query("select id from part")).toEqual([["1"]]);
      expect(states).toMatchObject([{ stream: { stream_descriptor: { name: "part" } } }]);
    },
  );

  run("a cancelled sync leaves the previous table, and nothing of itself", async () => {
    const whole = table("precious", { mode: "overwrite" });
    await sync([whole], [record("precious", { id: 1 })]);
    const before = await query(tables);
    const controller = new AbortController();
    const { writer } = await open([whole], controller.signal);
    await writer.write(record("precious", { id: 2 }));
    controller.abort();
    await expect(writer.end()).rejects.toThrow();
    await writer.close();
    expect(await query("select id from precious")).toEqual([["1"]]);
    expect(await query(tables)).toEqual(before);
  });

  run("no table for loading is left", async () => {
    const found = (await query(tables)).map(([name]) => name);
    expect(found).toContain("people");
    expect(found.filter((name) => /_[0-9a-f]{8}$|_check$/.test(name ?? ""))).toEqual([]);
  });
});

test("nothing in the path of a DuckDB file is run", { timeout: 600_000 }, async () => {
  const stolen = join(folder, "stolen.csv");
  const sql = `threads = 1; COPY (SELECT 42) TO '${stolen}'; SET threads`;
  for (const path of [`path.duckdb?${encodeURIComponent(sql)}=1`, `path.duckdb?${sql.replaceAll("/", "%2F")}=1`]) {
    const { destination } = kinds.duckdb;
    expect(await destination.check({ destination_path: join(folder, path) })).toEqual({ status: "succeeded" });
    expect(existsSync(stolen)).toBe(false);
  }
});

test.skipIf(whyNoPostgres)("a check tells the database's own message, in one line", { timeout: 600_000 }, async () => {
  const { destination, configuration } = kinds.postgres;
  const check = (change: JsonObject) => destination.check({ ...configuration(), ...change });
  expect(await check({})).toEqual({ status: "succeeded" });
  const password = await check({ password: "wrong" });
  expect(password).toMatchObject({ status: "failed", failureType: "config_error" });
  expect(password.message).toMatch(/FATAL: password authentication failed for user "loader"$/);
  expect((await check({ database: "nowhere" })).message).toMatch(/FATAL: database "nowhere" does not exist$/);
  const closed = await check({ port: 1 });
  expect(closed.message).toMatch(/^connection to server at "127.0.0.1", port 1 failed: Connection refused/);
  expect(closed).toMatchObject({ failureType: "system_error" });
  for (const { message } of [password, closed]) expect(message).not.toMatch(/\n/);
  expect((await check({ tunnel_method: { tunnel_method: "SSH_KEY_AUTH" } })).message).toContain("SSH tunnels");
  expect((await check({ ssl_mode: { mode: "require" } })).message).toContain("server does not support SSL");
});
