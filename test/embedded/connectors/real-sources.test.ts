import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ConfiguredCatalog } from "../../../embedded/connectors/connector.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import { needsConnector, read, real } from "./real.ts";

// A Python with its libraries takes seconds to start, and more on a busy machine.
const options = { timeout: 600_000 };

const OUTSIDE = expect.stringContaining('"/etc/passwd" is outside of /local') as string;

const countBy = (rows: { record: { stream: string } }[]) => {
  const counts: Record<string, number> = {};
  for (const { record } of rows) counts[record.stream] = (counts[record.stream] ?? 0) + 1;
  return counts;
};

describe("Faker", () => {
  test("tells its spec, checks, discovers, and reads from where it left off", options, async (context) => {
    await needsConnector(context, "source-faker");
    const { source, folder } = await real();
    const faker = source("faker");
    expect(faker).toMatchObject({ simulated: false, version: "7.2.1" });
    const { connectionSpecification } = await faker.spec();
    expect(connectionSpecification.properties).toMatchObject({ count: { type: "integer", default: 1000 } });
    expect(await faker.check({ count: 5 })).toEqual({ status: "succeeded" });

    const configuration = { count: 20, always_updated: false, parallelism: 1 };
    const first = await read(faker, configuration, null, "incremental");
    expect(first.streams.map(({ name }) => name).sort()).toEqual(["products", "purchases", "users"]);
    expect(first.streams.find(({ name }) => name === "users")).toMatchObject({
      ...{ supportedSyncModes: ["full_refresh", "incremental"], sourceDefinedCursor: true },
      ...{ defaultCursorField: ["updated_at"], sourceDefinedPrimaryKey: [["id"]] },
    });
    const counts = countBy(first.rows);
    expect(counts).toMatchObject({ users: 20, purchases: 20 });
    const row = first.rows.find(({ record }) => record.stream === "users");
    expect(row?.record.data).toMatchObject({ id: 1 });
    expect(JSON.parse(row?.line ?? "")).toMatchObject({ type: "RECORD", record: { data: row?.record.data } });

    const state = first.states.map((message) => message.state);
    expect(state[0]).toMatchObject({ type: "STREAM" });
    const second = await read(faker, configuration, state, "incremental");
    expect(countBy(second.rows)).toEqual({});
    expect(readdirSync(join(folder, "programs"))).toEqual([]);
  });

  test("says itself what is wrong with a configuration", options, async (context) => {
    await needsConnector(context, "source-faker");
    const { source } = await real();
    const checked = await source("faker").check({ count: "many" });
    expect(checked).toMatchObject({ status: "failed", failureType: "config_error" });
    expect(checked.message).toContain("'many' is not of type 'integer'");
    await expect(source("faker").discover({ count: "many" })).rejects.toMatchObject({ failureType: "config_error" });
  });

  test("is stopped in the middle", options, async (context) => {
    await needsConnector(context, "source-faker");
    const { source, folder } = await real();
    const faker = source("faker");
    const { streams } = await faker.discover({ count: 1 });
    const catalog: ConfiguredCatalog = {
      streams: streams.map((stream) => ({
        ...{ stream, syncMode: "full_refresh", destinationSyncMode: "append", cursorField: [], primaryKey: [] },
      })),
    };
    const controller = new AbortController();
    let rows = 0;
    const reading = async () => {
      for await (const { type } of faker.read({ count: 1_000_000 }, catalog, null, controller.signal)) {
        if (type === "RECORD" && ++rows === 500) controller.abort(new Error("cancelled"));
      }
    };
    await expect(reading()).rejects.toThrow("cancelled");
    expect(rows).toBeLessThan(100_000);
    expect(readdirSync(join(folder, "programs"))).toEqual([]);
  });
});

test("hardcoded records, many of them, come as they are written", options, async (context) => {
  await needsConnector(context, "source-hardcoded-records");
  const { source } = await real();
  const { rows, streams } = await read(source("hardcoded-records"), { count: 1_000 }, null, "full_refresh");
  expect(Object.values(countBy(rows))).toEqual(streams.map(() => 1_000));
});

test("a file of this machine is a stream of its rows", options, async (context) => {
  await needsConnector(context, "source-file");
  const { source, folder } = await real();
  mkdirSync(join(folder, "local"));
  writeFileSync(join(folder, "local/people.csv"), "id,name\n1,Ada\n2,Grace\n");
  const configuration = {
    dataset_name: "people",
    format: "csv",
    url: "/local/people.csv",
    provider: { storage: "local" },
  };
  const { rows } = await read(source("file"), configuration, null, "full_refresh");
  expect(rows.map(({ record }) => record)).toMatchObject([
    { stream: "people", data: { id: 1, name: "Ada" } },
    { stream: "people", data: { id: 2, name: "Grace" } },
  ]);
  const missing = await source("file").check({ ...configuration, url: "none.csv" });
  expect(missing).toMatchObject({ status: "failed", message: expect.stringContaining("none.csv") as string });

  for (const storage of ["local", "LOCAL"]) {
    const outside = { ...configuration, url: "/etc/passwd", provider: { storage } };
    expect(await source("file").check(outside)).toMatchObject({ status: "failed", message: OUTSIDE });
    await expect(source("file").discover(outside)).rejects.toMatchObject({ message: OUTSIDE });
  }
});

test("a file that would run code as a pickle is never opened as one", options, async (context) => {
  await needsConnector(context, "source-file");
  const { source, folder } = await real();
  mkdirSync(join(folder, "local"));
  const mark = join(folder, "reached");
  // What Python's pickle makes of os.system("touch …").
  writeFileSync(join(folder, "local/code.pkl"), `cposix\nsystem\n(S'touch ${mark}'\ntR.`);
  const configuration = {
    dataset_name: "code",
    format: "pickle",
    url: "/local/code.pkl",
    provider: { storage: "local" },
  };
  const refused = expect.stringContaining("'pickle' is not one of") as string;
  expect(await source("file").check(configuration)).toMatchObject({ status: "failed", message: refused });
  await expect(source("file").discover(configuration)).rejects.toMatchObject({ message: refused });
  expect(existsSync(mark)).toBe(false);
});

test("Google Sheets has its real spec and check, and simulated streams", options, async (context) => {
  await needsConnector(context, "source-google-sheets");
  const { source, log } = await real();
  const sheets = source("google-sheets");
  expect(sheets).toMatchObject({ simulated: true, simulatedBecause: expect.stringContaining("account") as string });
  const { properties } = (await sheets.spec()).connectionSpecification as { properties: JsonObject };
  expect(properties).toMatchObject({ credentials: { oneOf: [{}, {}] } });
  const key = "-----BEGIN PRIVATE KEY-----\nbm90LWEta2V5LWF0LWFsbA==\n-----END PRIVATE KEY-----\n";
  const account = {
    type: "service_account",
    client_email: "a@b.example",
    private_key: key,
    token_uri: "http://[::1]:1",
  };
  const configuration = {
    spreadsheet_id: "https://docs.google.com/spreadsheets/d/abc",
    credentials: { auth_type: "Service", service_account_info: JSON.stringify(account) },
  };
  expect(await sheets.check(configuration)).toMatchObject({
    status: "failed",
    message: expect.stringContaining("Failed to sign token") as string,
  });
  expect(log.join("\n")).not.toContain("bm90LWEta2V5LWF0LWFsbA==");
  expect((await sheets.discover(configuration)).streams.map(({ name }) => name)).toContain("orders");
});

test("nothing of the programs' private folders is left", async () => {
  const { folder, programs } = await real();
  await programs.close();
  expect(existsSync(join(folder, "programs"))).toBe(false);
});
