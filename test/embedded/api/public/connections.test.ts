// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { createDestination, createPipeline, createSource, start, startWithEnds, unknownId } from "../../start.ts";

describe("creating a connection", () => {
  test("answers 200 with every default filled in", async () => {
    const { create, sourceId, destinationId, workspaceId } = await startWithEnds();
    const { status, body } = await create({ configurations: { streams: [{ name: "users" }] }, dataResidency: "eu" });
    expect(status).toBe(200);
    expect(body).toEqual({
      connectionId: expect.any(String) as string,
      name: "Sample <> Warehouse",
      sourceId,
      destinationId,
      workspaceId,
      status: "active",
      schedule: { scheduleType: "manual" },
      configurations: {
        streams: [
          {
            name: "users",
            syncMode: "full_refresh_overwrite",
            cursorField: ["updated_at"],
            primaryKey: [["id"]],
            selectedFields: [],
            mappers: [],
          },
        ],
      },
      nonBreakingSchemaUpdatesBehavior: "ignore",
      namespaceDefinition: "destination",
      prefix: "",
      createdAt: expect.any(Number) as number,
      tags: [],
    });
  });

  test("takes what PyAirbyte sends: names only, and nulls for what nobody set", async () => {
    const { create } = await startWithEnds();
    const streams = [{ name: "users", syncMode: null, cursorField: null, namespace: null, selectedFields: null }];
    const { status, body } = await create({ name: null, schedule: null, tags: null, configurations: { streams } });
    expect(status).toBe(200);
    expect(body.configurations.streams[0].syncMode).toBe("full_refresh_overwrite");
  });

  test("without streams takes the suggested ones, and none where a source of several suggests none", async () => {
    const { create, destinationId, call, ...server } = await startWithEnds();
    const names = async (creation: ReturnType<typeof create>) =>
      ((await creation).body.configurations.streams as { name: string }[]).map(({ name }) => name);
    expect(await names(create({}))).toEqual(["products", "users", "purchases"]);
    const { sourceId } = await createSource(
      { ...server, call },
      {
        sourceType: "google-sheets",
        spreadsheet_id: "x",
        credentials: { auth_type: "Service", service_account_info: "{}" },
      },
    );
    expect(await names(call("POST", "/connections", { sourceId, destinationId }))).toEqual([]);
  });

  test("keeps streams in the order of the request and fields in the order of the schema", async () => {
    const { create } = await startWithEnds();
    const fields = ["updated_at", "name", "id"].map((field) => ({ fieldPath: [field] }));
    const streams = [{ name: "users", selectedFields: fields }, { name: "products" }];
    const { body } = await create({ configurations: { streams } });
    const shown = body.configurations.streams as { name: string; selectedFields: { fieldPath: string[] }[] }[];
    expect(shown.map(({ name }) => name)).toEqual(["users", "products"]);
    expect(shown[0]?.selectedFields.flatMap(({ fieldPath }) => fieldPath)).toEqual(["id", "updated_at", "name"]);
  });

  test("of ends in different workspaces is a 500, as Airbyte answers", async () => {
    const { call, sourceId, ...server } = await startWithEnds();
    const other = await call("POST", "/workspaces", { name: "Other" });
    const { destinationId } = await createDestination({
      ...server,
      call,
      workspaceId: other.body.workspaceId as string,
    });
    const { status, body } = await call("POST", "/connections", { sourceId, destinationId });
    expect([status, body.title]).toEqual([500, "unexpected-problem"]);
  });

  test("of an unknown or deleted source is a 404", async () => {
    const { call, sourceId, destinationId, create } = await startWithEnds();
    expect((await create({ sourceId: unknownId })).status).toBe(404);
    await call("DELETE", `/destinations/${destinationId}`);
    expect((await create({ sourceId })).body.data.resourceType).toBe("destination");
  });
});

describe("a schedule", () => {
  test.each([
    ["0 0 12 * * ?", "0 0 12 * * ? UTC"],
    ["0 0 12 * * ? UTC", "0 0 12 * * ? UTC"],
    ["0 15 */2 ? * MON-FRI 2030", "0 15 */2 ? * MON-FRI 2030 UTC"],
    ["0 0 8 L * ?", "0 0 8 L * ? UTC"],
    ["0 0 8 ? JAN,JUL 2#1", "0 0 8 ? JAN,JUL 2#1 UTC"],
  ])("'%s' reads back as '%s'", async (cronExpression, shown) => {
    const { create } = await startWithEnds();
    const { status, body } = await create({ schedule: { scheduleType: "cron", cronExpression } });
    expect(status).toBe(200);
    expect(body.schedule).toEqual({ scheduleType: "cron", cronExpression: shown });
  });

  test.each([
    ["0 12 * * *", "invalid-expression"],
    ["0 0 12 * * *", "invalid-expression"],
    ["0 0 25 * * ?", "invalid-expression"],
    ["0 0 12 * FOO ?", "invalid-expression"],
    ["0 0 12 * * ? Europe/Berlin", "invalid-expression"],
    ["* 0 12 * * ?", "under-one-hour-not-allowed"],
    ["0 0,30 * * * ?", "under-one-hour-not-allowed"],
    ["0 0/15 * * * ?", "under-one-hour-not-allowed"],
    ["0 * 12 * * ? 2030", "under-one-hour-not-allowed"],
  ])("'%s' is refused: %s", async (cronExpression, reason) => {
    const { create } = await startWithEnds();
    const { status, body } = await create({ schedule: { scheduleType: "cron", cronExpression } });
    expect([status, body.title]).toEqual([400, `error:cron-validation/${reason}`]);
  });

  test("of the type basic can't be written", async () => {
    const { create } = await startWithEnds();
    expect((await create({ schedule: { scheduleType: "basic" } })).status).toBe(400);
  });
});

describe("PATCH of a connection", () => {
  test("changes what is said, and nothing else", async () => {
    const { create, call } = await startWithEnds();
    const { body } = await create({
      name: "A",
      prefix: "p_",
      schedule: { scheduleType: "cron", cronExpression: "0 0 1 * * ?" },
    });
    const path = `/connections/${body.connectionId as string}`;
    const patched = await call("PATCH", path, { status: "inactive", name: null, configurations: { streams: [] } });
    expect(patched).toMatchObject({ status: 200, body: { ...body, status: "inactive" } });
    expect((await call("PATCH", path, { prefix: "" })).body.prefix).toBe("");
    expect((await call("PATCH", path, { schedule: { scheduleType: "manual" } })).body.schedule).toEqual({
      scheduleType: "manual",
    });
  });

  test("replaces the streams as a whole", async () => {
    const { create, call } = await startWithEnds();
    const { body } = await create({ configurations: { streams: [{ name: "users" }, { name: "products" }] } });
    const streams = [{ name: "purchases", syncMode: "incremental_append" }];
    const patched = await call("PATCH", `/connections/${body.connectionId as string}`, { configurations: { streams } });
    expect(patched.body.configurations.streams).toMatchObject(streams);
    expect(patched.body.configurations.streams).toHaveLength(1);
  });

  test("is refused with 409 once the connection is locked", async () => {
    const { create, call } = await startWithEnds();
    const { body } = await create({});
    const path = `/connections/${body.connectionId as string}`;
    expect((await call("PATCH", path, { status: "locked" })).status).toBe(200);
    const refused = await call("PATCH", path, { name: "B" });
    expect([refused.status, refused.body.title]).toEqual([409, "error:connection/locked"]);
  });
});

describe("a deleted connection", () => {
  test("is a 200 with the status deprecated, hidden from lists, still patchable", async () => {
    const server = await start();
    const { call } = server;
    const { connectionId } = await createPipeline(server);
    const path = `/connections/${connectionId}`;
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("DELETE", path)).status).toBe(204);
    expect(await call("GET", path)).toMatchObject({ status: 200, body: { status: "deprecated" } });
    expect((await call("GET", "/connections")).body.data).toEqual([]);
    expect((await call("GET", "/connections?includeDeleted=true")).body.data).toHaveLength(1);
    expect((await call("PATCH", path, { name: "B" })).status).toBe(200);
  });

  test("comes of a PATCH to deprecated as well", async () => {
    const server = await start();
    const { connectionId } = await createPipeline(server);
    await server.call("PATCH", `/connections/${connectionId}`, { status: "deprecated" });
    expect((await server.call("GET", "/connections")).body.data).toEqual([]);
  });
});
