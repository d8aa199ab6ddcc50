// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { createDestination, createPipeline, createSource, mask, start, startWithEnds, unknownId } from "../../start.ts";

type Entry = { stream: { name: string; jsonSchema: object }; config: Record<string, unknown> };

/** A catalog as discovery proposes it, only the named streams selected. */
async function startWithCatalog(...names: string[]) {
  const server = await startWithEnds();
  const { sourceId, destinationId } = server;
  const discovered = await server.config("sources/discover_schema", { sourceId });
  const syncCatalog = discovered.body.catalog as { streams: Entry[] };
  for (const { stream, config } of syncCatalog.streams) config.selected = names.includes(stream.name);
  const connect = (given: object) =>
    server.config("connections/create", { sourceId, destinationId, status: "active", syncCatalog, ...given });
  const users = syncCatalog.streams.find(({ stream }) => stream.name === "users");
  if (!users) throw new Error("The sample source has lost its users");
  return { ...server, syncCatalog, users, connect };
}

const names = (body: unknown) =>
  (body as { syncCatalog: { streams: Entry[] } }).syncCatalog.streams.map(({ stream }) => stream.name);

describe("creating a connection", () => {
  test("keeps the selected streams alone, and both APIs show it, each in its words", async () => {
    const { connect, call, sourceId, destinationId, workspaceId } = await startWithCatalog("users");
    const { status, body } = await connect({
      name: "Daily",
      namespaceDefinition: "customformat",
      namespaceFormat: "${SOURCE_NAMESPACE}",
      nonBreakingChangesPreference: "disable",
      prefix: "p_",
    });
    expect(status).toBe(200);
    const shared = { name: "Daily", sourceId, destinationId, workspaceId, status: "active", prefix: "p_" };
    expect(body).toMatchObject({
      ...shared,
      namespaceDefinition: "customformat",
      nonBreakingChangesPreference: "disable",
      scheduleType: "manual",
      created_at: expect.any(Number) as number,
      breakingChange: false,
      tags: [],
    });
    expect(body).not.toHaveProperty("createdAt");
    expect(names(body)).toEqual(["users"]);
    expect(body.syncCatalog.streams[0].stream.jsonSchema.properties).toHaveProperty("email");
    const seen = (await call("GET", `/connections/${body.connectionId as string}`)).body;
    expect(seen).toMatchObject({
      ...shared,
      namespaceDefinition: "custom_format",
      nonBreakingSchemaUpdatesBehavior: "disable_connection",
      createdAt: body.created_at as number,
      configurations: { streams: [{ name: "users", syncMode: "incremental_deduped_history", primaryKey: [["id"]] }] },
    });
  });

  test("takes the source's namespaces unless told otherwise", async () => {
    const { connect } = await startWithCatalog("users");
    expect((await connect({})).body.namespaceDefinition).toBe("source");
  });

  test("without a catalog selects what discovery suggests", async () => {
    const { connect } = await startWithCatalog();
    expect(names((await connect({ syncCatalog: undefined })).body)).toEqual(["products", "users", "purchases"]);
  });

  test("needs a status", async () => {
    const { connect } = await startWithCatalog("users");
    expect((await connect({ status: undefined })).status).toBe(400);
  });

  test("refuses a stream twice, two modes that don't go together, and a selection without its key", async () => {
    const { connect, users } = await startWithCatalog("users");
    const withUsers = (config: object) =>
      connect({ syncCatalog: { streams: [{ ...users, config: { ...users.config, ...config } }] } });
    expect((await connect({ syncCatalog: { streams: [users, users] } })).status).toBe(422);
    expect((await withUsers({ destinationSyncMode: "overwrite" })).status).toBe(400);
    const select = (...fields: string[]) => ({
      fieldSelectionEnabled: true,
      selectedFields: fields.map((field) => ({ fieldPath: [field] })),
    });
    const { status, body } = await withUsers(select("email", "updated_at"));
    expect(status).toBe(422);
    expect(body.message).toContain("Primary key field cannot be de-selected in DEDUP mode");
    const selected = await withUsers(select("email", "updated_at", "id"));
    expect(selected.body.syncCatalog.streams[0].config).toMatchObject(select("id", "updated_at", "email"));
    expect(Object.keys(selected.body.syncCatalog.streams[0].stream.jsonSchema.properties as object)).toHaveLength(3);
  });
});

describe("schedules", () => {
  test.each([
    [{ scheduleType: "basic", scheduleData: { basicSchedule: { timeUnit: "hours", units: 6 } } }, "Every 6 HOURS"],
    [{ schedule: { timeUnit: "days", units: 1 } }, "Every 1 DAYS"],
  ])("a basic one, %j, is shown to the public API as text", async (given, basicTiming) => {
    const { connect, call } = await startWithCatalog("users");
    const { body } = await connect(given);
    expect(body).toMatchObject({ scheduleType: "basic", ...given });
    const seen = (await call("GET", `/connections/${body.connectionId as string}`)).body;
    expect(seen.schedule).toEqual({ scheduleType: "basic", basicTiming });
  });

  test("a cron one keeps its time zone", async () => {
    const { connect, call } = await startWithCatalog("users");
    const scheduleData = { cron: { cronExpression: "0 0 12 * * ?", cronTimeZone: "Europe/Berlin" } };
    const { body } = await connect({ scheduleType: "cron", scheduleData });
    expect(body).toMatchObject({ scheduleType: "cron", scheduleData });
    const seen = (await call("GET", `/connections/${body.connectionId as string}`)).body;
    expect(seen.schedule.cronExpression).toBe("0 0 12 * * ? Europe/Berlin");
    for (const cronTimeZone of ["Etc/UTC", "Mars/Olympus"]) {
      const refused = await connect({
        scheduleType: "cron",
        scheduleData: { cron: { ...scheduleData.cron, cronTimeZone } },
      });
      expect([refused.status, refused.body.title]).toEqual([400, "error:cron-validation/invalid-timezone"]);
    }
  });

  test.each([
    [422, { scheduleType: "manual", schedule: { timeUnit: "days", units: 1 } }],
    [422, { scheduleType: "basic" }],
    [400, { scheduleType: "basic", scheduleData: { basicSchedule: { timeUnit: "minutes", units: 5 } } }],
    [400, { scheduleType: "cron" }],
    [500, { scheduleType: "manual", scheduleData: {} }],
  ])("are refused with %i: %j", async (status, given) => {
    const { connect } = await startWithCatalog("users");
    expect((await connect(given)).status).toBe(status);
  });
});

describe("updating a connection", () => {
  test("changes what is given and replaces the streams, down to none", async () => {
    const { connect, config, syncCatalog, users } = await startWithCatalog("users");
    const { connectionId } = (await connect({ name: "A" })).body as { connectionId: string };
    const paused = await config("connections/update", { connectionId, status: "inactive" });
    expect(paused.body).toMatchObject({ name: "A", status: "inactive" });
    expect(names(paused.body)).toEqual(["users"]);
    for (const { config } of syncCatalog.streams) config.selected = true;
    expect(names((await config("connections/update", { connectionId, syncCatalog })).body)).toHaveLength(3);
    users.config.selected = false;
    const none = { connectionId, syncCatalog: { streams: [users] } };
    expect(names((await config("connections/update", none)).body)).toEqual([]);
    const legacy = { connectionId, schedule: { timeUnit: "days", units: 1 } };
    expect(Object.keys((await config("connections/update", legacy)).body as object)).toEqual(["errorId"]);
  });

  test("keeps the secret of an encrypting mapper where the mask is sent back", async () => {
    const { connect, config, users, dataDir } = await startWithCatalog("users");
    const key = "0123456789abcdef0123456789abcdef";
    const aes = { algorithm: "AES", mode: "CBC", padding: "PKCS5Padding", targetField: "email", key };
    users.config.mappers = [{ type: "encryption", mapperConfiguration: aes }];
    const { body } = await connect({});
    expect(body.syncCatalog.streams[0].config.mappers[0].mapperConfiguration.key).toBe(mask);
    const given = { connectionId: body.connectionId as string, syncCatalog: body.syncCatalog as object };
    expect((await config("connections/update", given)).status).toBe(200);
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(`${dataDir}/data.json`, "utf8")).toContain(key);
  });
});

test("a deleted connection is a 204, then deprecated: gone from list, not from list_all", async () => {
  const server = await start();
  const { connectionId } = await createPipeline(server);
  const { workspaceId } = server;
  const count = async (call: string) =>
    ((await server.config(`connections/${call}`, { workspaceId })).body.connections as []).length;
  expect(await count("list")).toBe(1);
  expect((await server.config("connections/delete", { connectionId })).status).toBe(204);
  expect((await server.config("connections/get", { connectionId })).body.status).toBe("deprecated");
  expect([await count("list"), await count("list_all")]).toEqual([0, 1]);
});

test("a connection of a deleted source is still shown, with the names of its streams", async () => {
  const server = await start();
  const { connectionId, sourceId } = await createPipeline(server);
  await server.config("sources/delete", { sourceId });
  expect(names((await server.config("connections/get", { connectionId })).body)).toContain("users");
});

describe("the web pages' calls", () => {
  test("show unselected streams and both ends, and write the catalog back", async () => {
    const { connect, config } = await startWithCatalog("users");
    const { connectionId } = (await connect({})).body as { connectionId: string };
    const read = await config("web_backend/connections/get", { connectionId, withRefreshedCatalog: false });
    expect(read.body).toMatchObject({ connectionId, isSyncing: false, createdAt: expect.any(Number) as number });
    expect(read.body.source.sourceName).toBe("Sample Data");
    expect(read.body.destination.destinationName).toBe("Postgres");
    const streams = read.body.syncCatalog.streams as Entry[];
    expect(streams.map(({ config }) => config.selected)).toEqual([true, false, false]);
    for (const { config } of streams) config.selected = true;
    const given = { connectionId, syncCatalog: { streams }, skipReset: true };
    expect((await config("web_backend/connections/update", given)).status).toBe(200);
    expect(names((await config("connections/get", { connectionId })).body)).toHaveLength(3);
  });

  test("create and list", async () => {
    const server = await start();
    const { sourceId } = await createSource(server);
    const { destinationId } = await createDestination(server);
    const { config, workspaceId } = server;
    const created = await config("web_backend/connections/create", { sourceId, destinationId, status: "active" });
    expect(created.body.source.sourceId).toBe(sourceId);
    const item = {
      connectionId: created.body.connectionId as string,
      source: { sourceId },
      destination: { destinationId },
    };
    expect((await config("web_backend/connections/list", { workspaceId })).body.connections).toMatchObject([item]);
    const others = { workspaceId, sourceId: [unknownId] };
    expect((await config("web_backend/connections/list", others)).body.connections).toEqual([]);
  });
});
