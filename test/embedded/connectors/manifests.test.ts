import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ConnectorFailure } from "../../../embedded/connectors/connector.ts";
import type { JsonObject } from "../../../embedded/json.ts";
import type { CustomDefinition } from "../../../embedded/state.ts";
import { found, needsConnector, read, real } from "./real.ts";

// A Python with its libraries takes seconds to start, and more on a busy machine.
const options = { timeout: 600_000 };

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

test("templates of a manifest reach nothing but what they are given", options, async (context) => {
  await needsConnector(context, "source-declarative-manifest");
  const { registry, custom, folder } = await real();
  const id = "1b3e1c64-5f5b-4f43-9a55-0f1c4f9c7c13";
  const mark = join(folder, "reached");
  const sent: string[] = [];
  const server = createServer((request, response) => {
    sent.push(request.url ?? "");
    response.writeHead(200, { "content-type": "application/json" }).end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const template of [
    `{{ 'evalu' ~ 'ated' }}`,
    `{{ cycler.__init__.__globals__.os.system('touch ${mark}') }}`,
    `{{ now_utc.__globals__['__builtins__']['open']('${mark}', 'w') }}`,
    `{% for i in range(1000000000) %}x{% endfor %}`,
  ]) {
    const text = JSON.stringify(manifest(url, "6.48.0")).replace('"/people"', JSON.stringify(`/people/${template}`));
    const definition = { id, workspaceId: id, kind: "source", name: "Own", dockerRepository: "", dockerImageTag: "1" };
    custom.put({
      ...{ ...definition, documentationUrl: null, version: 1 },
      manifest: JSON.parse(text) as JsonObject,
    } as CustomDefinition);
    await found(registry.find("source", id))
      .check({ token: "s3cret-token-of-the-api" })
      .catch(() => undefined);
  }
  expect(existsSync(mark)).toBe(false);
  expect(sent.filter((path) => path !== "/people/")).toEqual(["/people/evaluated"]);
});

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
