// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { validateConfiguration } from "../../../../embedded/platform/actors.ts";
import {
  createPipeline,
  createSource,
  faker,
  mask,
  postgres,
  postgresConfiguration,
  start,
  stored,
  unknownId,
} from "../../start.ts";

const sheets = {
  sourceType: "google-sheets",
  spreadsheet_id: "abc",
  credentials: { auth_type: "Service", service_account_info: "the-key" },
};

describe("creating a source", () => {
  test("answers 200 with everything the SDKs demand, sourceType beside the configuration", async () => {
    const { call, workspaceId } = await start();
    const given = { name: "Sample", workspaceId, configuration: { sourceType: "faker", count: 5 } };
    const { status, body } = await call("POST", "/sources", given);
    expect(status).toBe(200);
    expect(body).toEqual({
      sourceId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      name: "Sample",
      sourceType: "faker",
      definitionId: faker,
      workspaceId,
      configuration: { count: 5 },
      createdAt: expect.any(Number) as number,
    });
    expect(Math.abs(body.createdAt - Date.now() / 1000)).toBeLessThan(5);
    expect(Number.isInteger(body.createdAt)).toBe(true);
  });

  test("finds the connector's name at any depth of the configuration", async () => {
    const { call, workspaceId } = await start();
    const configuration = { deep: [{ sourceType: "faker" }] };
    expect((await call("POST", "/sources", { name: "A", workspaceId, configuration })).body.definitionId).toBe(faker);
  });

  test("refuses an unknown name with 400 and its value, and no name at all with 422", async () => {
    const { call, workspaceId } = await start();
    const unknown = await call("POST", "/sources", { name: "A", workspaceId, configuration: { sourceType: "fakr" } });
    expect(unknown).toMatchObject({ status: 400, body: { title: "value-not-found", data: { value: "fakr" } } });
    const none = await call("POST", "/sources", { name: "A", workspaceId, configuration: {} });
    expect(none).toMatchObject({ status: 422, body: { title: "unprocessable-entity" } });
  });

  test("refuses a configuration against the spec with 422 and the reasons in data.message", async () => {
    const { call, workspaceId } = await start();
    const configuration = { ...sheets, spreadsheet_id: undefined, credentials: { auth_type: "Service" } };
    const { status, body } = await call("POST", "/sources", { name: "A", workspaceId, configuration });
    expect(status).toBe(422);
    expect(body.data.message).toContain("does not fulfill the specification");
    expect(body.data.message).toContain("$: required property 'spreadsheet_id' not found");
    expect(body.data.message).toContain("$.credentials: required property 'service_account_info' not found");
    expect(body.data.message).not.toContain("client_id");
  });

  test("takes any configuration for a definition that is not known here, and calls its type ''", async () => {
    const { call, workspaceId } = await start();
    const configuration = { anything: [1], api_key: "k3y" };
    const given = { name: "A", workspaceId, definitionId: unknownId, configuration };
    const { status, body } = await call("POST", "/sources", given);
    expect(status).toBe(200);
    expect(body).toMatchObject({ sourceType: "", definitionId: unknownId, configuration: { api_key: mask } });
  });

  test("refuses a destination's definition, and an unknown workspace", async () => {
    const { call, workspaceId } = await start();
    const wrongKind = { name: "A", workspaceId, definitionId: postgres, configuration: {} };
    expect((await call("POST", "/sources", wrongKind)).status).toBe(404);
    const nowhere = { name: "A", workspaceId: unknownId, definitionId: faker, configuration: {} };
    expect((await call("POST", "/sources", nowhere)).status).toBe(404);
  });

  test("with a name that is taken makes a second source", async () => {
    const server = await start();
    expect((await createSource(server)).sourceId).not.toBe((await createSource(server)).sourceId);
  });
});

describe("secrets", () => {
  test("are masked in every answer", async () => {
    const { call, workspaceId } = await start();
    const created = await call("POST", "/sources", { name: "A", workspaceId, configuration: sheets });
    const path = `/sources/${created.body.sourceId as string}`;
    const answers = [
      created,
      await call("GET", path),
      await call("PUT", path, { name: "A", configuration: sheets }),
      await call("PATCH", path, { name: "B" }),
      await call("GET", "/sources"),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain(mask);
      expect(JSON.stringify(body)).not.toContain("the-key");
    }
  });

  test("that are stored are not quoted by what refuses them, since the spec has changed", async () => {
    const { call, config, workspaceId } = await start();
    const path = `/workspaces/${workspaceId}/definitions/declarative_sources`;
    const manifest = (form: string) => {
      const connection_specification = { properties: { key: { type: "string", pattern: form, airbyte_secret: true } } };
      return { version: "6", spec: { connection_specification }, streams: [] };
    };
    const definitionId = (await call("POST", path, { name: "Low", manifest: manifest(".") })).body.id as string;
    const given = { name: "A", workspaceId, definitionId, configuration: { key: "the-key" } };
    const sourceId = (await call("POST", "/sources", given)).body.sourceId as string;
    await call("PUT", `${path}/${definitionId}`, { manifest: manifest("^[0-9]+$") });
    const masked = { name: "A", configuration: { key: mask } };
    const refused = [
      await call("PUT", `/sources/${sourceId}`, masked),
      await call("PATCH", `/sources/${sourceId}`, { configuration: {} }),
      await config("sources/update", { sourceId, name: "A", connectionConfiguration: { key: mask } }),
      await config("sources/check_connection_for_update", {
        sourceId,
        name: "A",
        connectionConfiguration: { key: mask },
      }),
    ];
    for (const { status, body } of refused) {
      expect(status).toBe(422);
      expect(JSON.stringify(body)).toContain("$.key: ");
      expect(JSON.stringify(body)).not.toContain("the-key");
    }
  });

  test("are shown by their coordinates on request", async () => {
    const { call, workspaceId } = await start();
    const { body } = await call("POST", "/sources", { name: "A", workspaceId, configuration: sheets });
    const read = await call("GET", `/sources/${body.sourceId as string}?includeSecretCoordinates=true`);
    expect(read.body.configuration.credentials.service_account_info).toMatch(/^secret_coordinate::airbyte_workspace_/);
  });
});

async function startWithDestination() {
  const server = await start();
  const given = {
    name: "W",
    workspaceId: server.workspaceId,
    configuration: {
      ...postgresConfiguration,
      ssl_mode: { mode: "verify-ca", ca_certificate: "the-ca" },
      jdbc_url_params: "a=b",
    },
    resourceAllocation: { default: { cpu_request: "1" } },
  };
  const { body } = await server.call("POST", "/destinations", given);
  const id = body.destinationId as string;
  return { ...server, id, path: `/destinations/${id}`, body, read: () => stored(server.dataDir, id) };
}

describe("PUT", () => {
  test("replaces: keys that are left out are gone", async () => {
    const { call, path } = await startWithDestination();
    const { status, body } = await call("PUT", path, { name: "V", configuration: postgresConfiguration });
    expect(status).toBe(200);
    expect(body.name).toBe("V");
    expect(body.configuration).not.toHaveProperty("jdbc_url_params");
    expect(body).not.toHaveProperty("resourceAllocation");
  });

  test("keeps a secret where the mask is sent, in the chosen branch of a oneOf as well", async () => {
    const { call, path, read } = await startWithDestination();
    const ssl_mode = { mode: "verify-ca", ca_certificate: mask };
    await call("PUT", path, { name: "W", configuration: { ...postgresConfiguration, password: mask, ssl_mode } });
    expect(read()).toMatchObject({ password: "s3cret-password", ssl_mode: { ca_certificate: "the-ca" } });
  });

  test("drops a secret that is left out", async () => {
    const { call, path, read } = await startWithDestination();
    await call("PUT", path, { name: "W", configuration: { ...postgresConfiguration, password: undefined } });
    expect(read()).not.toHaveProperty("password");
  });

  test("is checked against the spec", async () => {
    const { call, path } = await startWithDestination();
    expect((await call("PUT", path, { name: "W", configuration: {} })).status).toBe(422);
  });
});

describe("PATCH", () => {
  test("merges objects and replaces scalars; keys cannot be removed", async () => {
    const { call, path, read } = await startWithDestination();
    const configuration = { port: 6000, ssl_mode: { client_key_password: "pw" } };
    const { status } = await call("PATCH", path, { configuration });
    expect(status).toBe(200);
    expect(read()).toMatchObject({
      port: 6000,
      jdbc_url_params: "a=b",
      ssl_mode: { mode: "verify-ca", ca_certificate: "the-ca", client_key_password: "pw" },
    });
  });

  test("stores null as null, and ignores a scalar or null in place of an object", async () => {
    const { call, path, read } = await startWithDestination();
    await call("PATCH", path, { configuration: { extra: null, ssl_mode: null } });
    await call("PATCH", path, { configuration: { ssl_mode: "disable" } });
    expect(read()).toMatchObject({ extra: null, ssl_mode: { mode: "verify-ca" } });
  });

  test("stores the mask as the secret", async () => {
    const { call, path, read } = await startWithDestination();
    await call("PATCH", path, { configuration: { password: mask } });
    expect(read()).toMatchObject({ password: mask });
  });

  test("resets resourceAllocation when it is left out", async () => {
    const { call, path, body } = await startWithDestination();
    expect(body.resourceAllocation).toEqual({ default: { cpu_request: "1" }, jobSpecific: [] });
    expect((await call("PATCH", path, { name: "V" })).body).not.toHaveProperty("resourceAllocation");
  });

  test("keeps stale keys of another oneOf choice masked, and ignores a workspaceId", async () => {
    const { call, workspaceId } = await start();
    const { body } = await call("POST", "/sources", { name: "A", workspaceId, configuration: sheets });
    const credentials = { auth_type: "Client", client_id: "i", client_secret: "s", refresh_token: "r" };
    const given = { workspaceId: unknownId, configuration: { sourceType: "google-sheets", credentials } };
    const patched = await call("PATCH", `/sources/${body.sourceId as string}`, given);
    expect(patched.body).toMatchObject({ workspaceId, configuration: { credentials: { service_account_info: mask } } });
    expect(patched.body.configuration).not.toHaveProperty("sourceType");
  });
});

describe("deleting a source", () => {
  test("answers 204, deprecates its connections, and hides it from lists", async () => {
    const server = await start();
    const { call } = server;
    const { sourceId, connectionId } = await createPipeline(server);
    expect((await call("DELETE", `/sources/${sourceId}`)).status).toBe(204);
    expect((await call("GET", `/connections/${connectionId}`)).body.status).toBe("deprecated");
    expect((await call("GET", "/sources")).body.data).toEqual([]);
    expect((await call("GET", "/sources?includeDeleted=true")).body.data).toHaveLength(1);
  });

  test("leaves a 200 with no configuration behind, and succeeds again", async () => {
    const server = await start();
    const { sourceId } = await createSource(server);
    await server.call("DELETE", `/sources/${sourceId}`);
    const read = await server.call("GET", `/sources/${sourceId}`);
    expect(read).toMatchObject({ status: 200, body: { sourceId, configuration: null } });
    expect((await server.call("DELETE", `/sources/${sourceId}`)).status).toBe(204);
    expect((await server.call("PATCH", `/sources/${sourceId}`, { name: "B" })).status).toBe(404);
  });
});

test.each([{ $ref: "#/nowhere" }, { type: "no type" }, { properties: { a: { pattern: "(" } } }])(
  "a specification that can't be read refuses the configuration, and says why: %j",
  (spec) => {
    const examined = () => {
      validateConfiguration(spec, {});
    };
    expect(examined).toThrow(expect.objectContaining({ status: 422 }));
    expect(examined).toThrow(/can't be read as JSON Schema: ./);
  },
);

test("OAuth consent is answered with 501, as in the open-source Airbyte", async () => {
  const { call } = await start();
  expect((await call("POST", "/sources/initiateOAuth", {})).status).toBe(501);
});
