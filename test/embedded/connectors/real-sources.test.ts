import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type {
  ConfiguredCatalog,
  Connector,
  ConnectorMessage,
  SourceSyncMode,
} from "../../../embedded/connectors/connector.ts";
import { Programs } from "../../../embedded/connectors/protocol/programs.ts";
import { pythonEnvironment } from "../../../embedded/connectors/python/environment.ts";
import { pythonsOnPath } from "../../../embedded/connectors/python/interpreters.ts";
import { Registry } from "../../../embedded/connectors/registry.ts";
import type { ConnectorFailure } from "../../../embedded/connectors/protocol/failure.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import type { CustomDefinition } from "../../../embedded/state.ts";
import { Store } from "../../../embedded/store.ts";
import { temporaryFolder } from "../start.ts";
import { needsConnector } from "./real.ts";

// A Python with its libraries takes seconds to start, and more on a busy machine.
const options = { timeout: 600_000 };

async function real(mode: "auto" | "real" = "auto") {
  const folder = temporaryFolder();
  const programs = new Programs(join(folder, "programs"), (name) => pythonEnvironment(name, () => undefined));
  onTestFinished(() => programs.close());
  const { definitions: custom } = Store.inFolder(folder, false);
  const log: string[] = [];
  const pythons = await pythonsOnPath();
  const registry = new Registry({ custom, mode, programs, pythons, log: (line) => log.push(line) });
  const source = (type: string) => found(registry.find("source", registry.idOf("source", type) ?? ""));
  return { folder, programs, registry, custom, log, source };
}

function found(connector: Connector | undefined): Connector {
  if (!connector) throw new Error("There is no such connector");
  return connector;
}

async function read(connector: Connector, configuration: JsonObject, state: JsonObject[] | null, mode: SourceSyncMode) {
  const { streams } = await connector.discover(configuration);
  const catalog: ConfiguredCatalog = {
    streams: streams.map((stream) => ({
      ...{ stream, syncMode: mode, destinationSyncMode: "append" },
      ...{ cursorField: stream.defaultCursorField ?? [], primaryKey: stream.sourceDefinedPrimaryKey ?? [] },
    })),
  };
  const messages: ConnectorMessage[] = [];
  for await (const message of connector.read(configuration, catalog, state)) messages.push(message);
  const rows = messages.flatMap((message) => (message.type === "RECORD" ? [message] : []));
  const states = messages.flatMap((message) => (message.type === "STATE" ? [message] : []));
  return { streams, rows, states, messages };
}

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
  const file = join(folder, "people.csv");
  writeFileSync(file, "id,name\n1,Ada\n2,Grace\n");
  const configuration = { dataset_name: "people", format: "csv", url: file, provider: { storage: "local" } };
  const { rows } = await read(source("file"), configuration, null, "full_refresh");
  expect(rows.map(({ record }) => record)).toMatchObject([
    { stream: "people", data: { id: 1, name: "Ada" } },
    { stream: "people", data: { id: 2, name: "Grace" } },
  ]);
  const missing = await source("file").check({ ...configuration, url: join(folder, "none.csv") });
  expect(missing).toMatchObject({ status: "failed", message: expect.stringContaining("none.csv") as string });
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

const versions = ["0.29.0", "6.5.2", "6.48.0", "7.39.1", "99.0.0"];

test.for(versions)(
  "a low-code manifest of version %s reads from the API that it describes",
  options,
  async (version, context) => {
    await needsConnector(context, "source-declarative-manifest");
    const server = createServer((request, response) => {
      const isLoggedIn = request.headers.authorization === "Bearer s3cret-token-of-the-api";
      response.writeHead(isLoggedIn ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(isLoggedIn ? [{ id: 1, name: "Ada" }, { id: 2, name: "Grace" }] : { error: "who?" })); // prettier-ignore
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { registry, custom } = await real();
    const id = "1b3e1c64-5f5b-4f43-9a55-0f1c4f9c7c11";
    const definition = {
      id,
      workspaceId: id,
      kind: "source",
      name: "People",
      dockerRepository: "",
      dockerImageTag: "1",
    };
    custom.put({
      ...definition,
      documentationUrl: null,
      manifest: manifest(url, version),
      version: 1,
    } as CustomDefinition);
    const people = found(registry.find("source", id));
    expect(people.simulated).toBe(false);
    expect(await people.check({ token: "s3cret-token-of-the-api" })).toMatchObject({ status: "succeeded" });
    const { rows } = await read(people, { token: "s3cret-token-of-the-api" }, null, "full_refresh");
    expect(rows.map(({ record }) => record.data)).toEqual([
      { id: 1, name: "Ada" },
      { id: 2, name: "Grace" },
    ]);
    const refused = await people.check({ token: "an0ther-token" });
    expect(refused).toMatchObject({ status: "failed" });
    expect(JSON.stringify(refused)).not.toContain("an0ther-token");
  },
);

test("nothing of the programs' private folders is left", async () => {
  const { folder, programs } = await real();
  await programs.close();
  expect(existsSync(join(folder, "programs"))).toBe(false);
});

test(
  "the runner itself refuses code of a manifest's own, also where its name is put together while it runs",
  options,
  async (context) => {
    await needsConnector(context, "source-declarative-manifest");
    const { registry, custom } = await real();
    const id = "1b3e1c64-5f5b-4f43-9a55-0f1c4f9c7c12";
    const { streams, ...rest } = manifest("http://127.0.0.1:1", "7.39.1");
    const mapping = (path: string[], value: string) => {
      return { type: "ComponentMappingDefinition", field_path: path, value, create_or_update: true };
    };
    const dynamic = {
      type: "DynamicDeclarativeStream",
      stream_template: (streams as JsonObject[])[0]!,
      components_resolver: {
        type: "ConfigComponentsResolver",
        stream_config: { type: "StreamConfig", configs_pointer: ["list"] },
        components_mapping: [
          mapping(["name"], "{{ components_values['name'] }}"),
          mapping(["retriever", "type"], "CustomRetriever"),
          mapping(["retriever", "class_name"], "antigravity.Anything"),
        ],
      },
    };
    const definition = { id, workspaceId: id, kind: "source", name: "Own", dockerRepository: "", dockerImageTag: "1" };
    const check = { type: "CheckDynamicStream", stream_count: 1 };
    const own = { ...rest, check, dynamic_streams: [dynamic] };
    custom.put({ ...definition, documentationUrl: null, manifest: own, version: 1 } as CustomDefinition);
    const failure = await found(registry.find("source", id))
      .discover({ token: "s3cret-token-of-the-api", list: [{ name: "x" }] })
      .catch((error: unknown) => error as ConnectorFailure);
    expect((failure as ConnectorFailure).internalMessage).toContain("AIRBYTE_ENABLE_UNSAFE_CODE");
  },
);

function manifest(url: string, version: string): JsonObject {
  return {
    version,
    type: "DeclarativeSource",
    check: { type: "CheckStream", stream_names: ["people"] },
    streams: [
      {
        type: "DeclarativeStream",
        name: "people",
        primary_key: ["id"],
        schema_loader: {
          type: "InlineSchemaLoader",
          schema: { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } },
        },
        retriever: {
          type: "SimpleRetriever",
          requester: {
            type: "HttpRequester",
            url_base: url,
            path: "/people",
            http_method: "GET",
            authenticator: { type: "BearerAuthenticator", api_token: "{{ config['token'] }}" },
          },
          record_selector: { type: "RecordSelector", extractor: { type: "DpathExtractor", field_path: [] } },
        },
      },
    ],
    spec: {
      type: "Spec",
      connection_specification: {
        type: "object",
        required: ["token"],
        properties: { token: { type: "string", airbyte_secret: true } },
      },
    },
  };
}
