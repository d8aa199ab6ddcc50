// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { createSource, faker, mask, postgres, postgresConfiguration, start, stored, unknownId } from "../../start.ts";

const warehouse: Partial<typeof postgresConfiguration> = { ...postgresConfiguration };
delete warehouse.destinationType;

async function startWithDestination() {
  const server = await start();
  const { body } = await server.config("destinations/create", {
    name: "W",
    workspaceId: server.workspaceId,
    destinationDefinitionId: postgres,
    connectionConfiguration: { ...warehouse, jdbc_url_params: "a=b" },
  });
  const destinationId = body.destinationId as string;
  const change = (call: string, given: object) => server.config(`destinations/${call}`, { destinationId, ...given });
  return { ...server, body, destinationId, change, read: () => stored(server.dataDir, destinationId) };
}

describe("a source", () => {
  test("is created with this API's names, and the public API shows the same one with its own", async () => {
    const { config, call, workspaceId } = await start();
    const given = {
      name: "Sample",
      workspaceId,
      sourceDefinitionId: faker,
      connectionConfiguration: { count: 5 },
      resourceAllocation: { default: { cpu_request: "1" } },
    };
    const { status, body } = await config("sources/create", given);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...given, sourceName: "Sample Data", createdAt: expect.any(Number) as number });
    const shared = {
      sourceId: body.sourceId as string,
      name: "Sample",
      workspaceId,
      createdAt: body.createdAt as number,
    };
    expect((await call("GET", `/sources/${shared.sourceId}`)).body).toEqual({
      ...shared,
      sourceType: "faker",
      definitionId: faker,
      configuration: { count: 5 },
      resourceAllocation: { default: { cpu_request: "1" }, jobSpecific: [] },
    });
  });

  test("that the public API created is shown with this API's names", async () => {
    const server = await start();
    const { sourceId } = await createSource(server, { sourceType: "faker", count: 7 });
    const { status, body } = await server.config("sources/get", { sourceId });
    expect(status).toBe(200);
    expect(body).toMatchObject({ sourceId, sourceDefinitionId: faker, connectionConfiguration: { count: 7 } });
    for (const name of ["configuration", "definitionId", "sourceType"]) expect(body).not.toHaveProperty(name);
  });

  test("is listed page by page from a cursor, 20 at a time unless asked otherwise, and found by name", async () => {
    const server = await start();
    const { config, workspaceId } = server;
    for (let count = 0; count < 23; count++) await createSource(server);
    const first = await config("sources/list", { workspaceId });
    expect(first.body).toMatchObject({ page_size: 20, num_connections: 23 });
    expect(first.body.sources).toHaveLength(20);
    const cursor = (first.body.sources as { sourceId: string }[]).at(-1)?.sourceId;
    const rest = (await config("sources/list", { workspaceId, cursor })).body.sources as { sourceId: string }[];
    expect(rest).toHaveLength(3);
    expect((await config("sources/list", { workspaceId, pageSize: 100 })).body.sources).toHaveLength(23);
    expect((await config("sources/list", { workspaceId: unknownId })).body.sources).toEqual([]);
    const offset = { workspaceIds: [workspaceId], pagination: { pageSize: 2, rowOffset: 20 } };
    expect((await config("sources/list_paginated", offset)).body.sources).toEqual(rest.slice(0, 2));
    await config("sources/partial_update", { sourceId: rest[0]?.sourceId, name: "Other" });
    const filters = { searchTerm: "oth" };
    expect((await config("sources/list", { workspaceId, filters })).body.sources).toHaveLength(1);
  });

  test("is found by what it is and by parts of its configuration", async () => {
    const server = await start();
    const { config, workspaceId } = server;
    const { sourceId } = await createSource(server, { sourceType: "faker", count: 7 });
    await createSource(server, { sourceType: "faker", count: 8 });
    const found = (await config("sources/search", { workspaceId, connectionConfiguration: { count: 7 } })).body;
    expect(found.sources).toMatchObject([{ sourceId }]);
    for (const given of [{ name: "Sample" }, { sourceDefinitionId: faker }, { sourceName: "Sample Data" }]) {
      expect((await config("sources/search", given)).body.sources).toHaveLength(2);
    }
    expect((await config("sources/search", { sourceDefinitionId: unknownId })).body.sources).toEqual([]);
    expect((await config("sources/search", { name: "sample" })).body.sources).toEqual([]);
  });

  test("is deleted with 204 and no body, and its connections with it", async () => {
    const server = await start();
    const { sourceId } = await createSource(server);
    const { status, body } = await server.config("sources/delete", { sourceId });
    expect([status, body]).toEqual([204, ""]);
    expect((await server.config("sources/list", { workspaceId: server.workspaceId })).body.sources).toEqual([]);
    expect((await server.config("sources/get", { sourceId })).body.connectionConfiguration).toBe(null);
  });
});

describe("a secret", () => {
  test("is masked in answers, and kept by an update that sends the mask", async () => {
    const { body, change, read } = await startWithDestination();
    expect(body.connectionConfiguration.password).toBe(mask);
    const updated = await change("update", { name: "V", connectionConfiguration: { ...warehouse, password: mask } });
    expect(updated.body).toMatchObject({ name: "V", connectionConfiguration: { password: mask } });
    expect(read()).toEqual(warehouse);
  });

  test("becomes ten asterisks by a partial update that sends the mask; the rest is merged", async () => {
    const { change, read } = await startWithDestination();
    const { status } = await change("partial_update", { connectionConfiguration: { password: mask, port: 6000 } });
    expect(status).toBe(200);
    expect(read()).toEqual({ ...warehouse, jdbc_url_params: "a=b", password: mask, port: 6000 });
  });
});

describe("errors", () => {
  test("of the spec are 422 with the reasons in message", async () => {
    const { config, workspaceId } = await start();
    const given = { name: "W", workspaceId, destinationDefinitionId: postgres, connectionConfiguration: {} };
    const { status, body } = await config("destinations/create", given);
    expect(status).toBe(422);
    expect(Object.keys(body as object)).toEqual(["message"]);
    expect(body.message).toMatch(/^The provided configuration does not fulfill the specification\. Errors: /);
    expect(body.message).toContain("required property 'host' not found");
  });

  test("of unknown ids, missing fields and unreadable bodies are an id alone", async () => {
    const { config } = await start();
    for (const [answer, status] of [
      [await config("sources/get", { sourceId: unknownId }), 404],
      [await config("destinations/delete", { destinationId: unknownId }), 404],
      [await config("connections/get", { connectionId: unknownId }), 404],
      [await config("sources/get", {}), 400],
      [await config("sources/get", [] as object), 400],
    ] as const) {
      expect([answer.status, Object.keys(answer.body as object)]).toEqual([status, ["errorId"]]);
    }
  });
});

describe("a connection check", () => {
  test("answers status and jobInfo for a stored source, and for an update that isn't stored", async () => {
    const { config, change, read, destinationId } = await startWithDestination();
    const check = await config("destinations/check_connection", { destinationId });
    expect(check).toMatchObject({ status: 200, body: { status: "succeeded", jobInfo: { succeeded: true } } });
    expect(check.body.jobInfo.configType).toBe("check_connection_destination");
    const given = { name: "W", connectionConfiguration: { ...warehouse, password: mask, host: "elsewhere" } };
    expect((await change("check_connection_for_update", given)).body.status).toBe("succeeded");
    expect(read()).toMatchObject({ host: warehouse.host });
    expect((await change("check_connection_for_update", { ...given, connectionConfiguration: {} })).status).toBe(422);
  });

  test("before creation is a 200 even when the configuration can't work, with the reason", async () => {
    const { config, workspaceId } = await start();
    const given = { workspaceId, sourceDefinitionId: faker, connectionConfiguration: { count: 1 } };
    expect((await config("scheduler/sources/check_connection", given)).body.status).toBe("succeeded");
    const wrong = { workspaceId, destinationDefinitionId: postgres, connectionConfiguration: { host: "h" } };
    const { status, body } = await config("scheduler/destinations/check_connection", wrong);
    expect([status, body.status]).toEqual([200, "failed"]);
    expect(body.message).toContain("required property 'database' not found");
  });
});

describe("discovery", () => {
  test("answers the streams with a proposed configuration, the suggested ones selected", async () => {
    const server = await start();
    const { sourceId } = await createSource(server);
    const { status, body } = await server.config("sources/discover_schema", { sourceId });
    expect(status).toBe(200);
    type Entry = { stream: { name: string; jsonSchema: { properties: object } }; config: object };
    const users = (body.catalog.streams as Entry[]).find(({ stream }) => stream.name === "users");
    expect(users?.stream).toMatchObject({
      supportedSyncModes: ["full_refresh", "incremental"],
      sourceDefinedCursor: true,
    });
    expect(users?.stream.jsonSchema.properties).toHaveProperty("email");
    expect(users?.config).toMatchObject({
      selected: true,
      syncMode: "incremental",
      destinationSyncMode: "append_dedup",
    });
  });

  test("that fails is a 200 that says so", async () => {
    const server = await start({ faults: true });
    const { sourceId } = await createSource(server);
    const fault = { method: "POST", headers: { authorization: `Bearer ${server.token}` } };
    await fetch(`${server.url}/faults`, { ...fault, body: JSON.stringify({ discoverError: "no such sheet" }) });
    const { status, body } = await server.config("sources/discover_schema", { sourceId });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("catalog");
    expect(body.jobInfo.succeeded).toBe(false);
    expect(JSON.stringify(body.jobInfo.logs)).toContain("no such sheet");
  });
});
