// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { createSource, startWithEnds, unknownId } from "../../start.ts";

const deduped = "incremental_deduped_history";

describe("a stream's configuration", () => {
  test.each<[string, object]>([
    ["an unknown stream", { name: "user" }],
    ["a sync mode that the two can't do together", { name: "users", syncMode: "incremental_update" }],
    ["another cursor than the source's", { name: "users", syncMode: "incremental_append", cursorField: ["id"] }],
    ["another key than the source's", { name: "users", syncMode: deduped, primaryKey: [["name"]] }],
    ["no selected fields", { name: "users", selectedFields: [] }],
    ["a nested field", { name: "users", selectedFields: [{ fieldPath: ["id", "x"] }] }],
    ["an unknown field", { name: "users", selectedFields: [{ fieldPath: ["ident"] }] }],
    [
      "a selection without the key",
      { name: "users", syncMode: deduped, selectedFields: [{ fieldPath: ["updated_at"] }] },
    ],
    [
      "one without the cursor",
      { name: "users", syncMode: "incremental_append", selectedFields: [{ fieldPath: ["id"] }] },
    ],
    ["a field twice", { name: "users", selectedFields: ["id", "id", "updated_at"].map((f) => ({ fieldPath: [f] })) }],
  ])("with %s is a 400 with the reason", async (_what, stream) => {
    const { create } = await startWithEnds();
    const { status, body } = await create({ configurations: { streams: [stream] } });
    expect([status, body.title]).toEqual([400, "bad-request"]);
    expect(body.data.message).toContain("user");
  });

  test("that comes twice is a 400, an unheard-of sync mode too", async () => {
    const { create } = await startWithEnds();
    expect((await create({ configurations: { streams: [{ name: "users" }, { name: "users" }] } })).status).toBe(400);
    const mode = await create({ configurations: { streams: [{ name: "users", syncMode: "sometimes" }] } });
    expect(mode.status).toBe(400);
  });

  test("needs a cursor and a key where the source defines none", async () => {
    const { call, destinationId, ...server } = await startWithEnds();
    const configuration = { sourceType: "postgres", host: "h", port: 1, database: "d", username: "u" };
    const { sourceId } = await createSource({ ...server, call }, configuration);
    const create = (stream: object) =>
      call("POST", "/connections", { sourceId, destinationId, configurations: { streams: [stream] } });
    const mode = { name: "users", syncMode: "incremental_deduped_history" };
    expect((await create(mode)).body.data.message).toContain("cursor");
    const { status, body } = await create({ ...mode, cursorField: ["updated_at"] });
    expect(status).toBe(200);
    expect(body.configurations.streams[0]).toMatchObject({ cursorField: ["updated_at"], primaryKey: [["id"]] });
    expect((await create({ name: "users", syncMode: "full_refresh_overwrite_deduped" })).status).toBe(200);
  });

  test("loses a cursor and a key that its mode has no use for, and needs neither among the selected fields", async () => {
    const { call, destinationId, workspaceId, create } = await startWithEnds();
    const given = { name: "A", workspaceId, definitionId: unknownId, configuration: {} };
    const { sourceId } = (await call("POST", "/sources", given)).body as { sourceId: string };
    const shown = async (syncMode?: string) => {
      const streams = [{ name: "t", syncMode, cursorField: ["at"], primaryKey: [["id"]] }];
      const { body } = await call("POST", "/connections", { sourceId, destinationId, configurations: { streams } });
      const [stream] = body.configurations.streams as { cursorField: string[]; primaryKey: string[][] }[];
      return [stream?.cursorField, stream?.primaryKey];
    };
    for (const mode of [undefined, "full_refresh_overwrite", "full_refresh_append"]) {
      expect(await shown(mode), mode).toEqual([[], []]);
    }
    expect(await shown("full_refresh_overwrite_deduped")).toEqual([[], [["id"]]]);
    for (const mode of ["incremental_append", deduped]) expect(await shown(mode), mode).toEqual([["at"], [["id"]]]);

    const fields = ["id", "name"].map((field) => ({ fieldPath: [field] }));
    const selected = { name: "users", cursorField: ["nonsense"], selectedFields: fields };
    const { status, body } = await create({ configurations: { streams: [selected] } });
    expect([status, body.configurations.streams[0]]).toMatchObject([200, { cursorField: ["updated_at"] }]);
  });

  test("has its namespace compared only where several streams share the name", async () => {
    const { call, destinationId, ...server } = await startWithEnds();
    const create = async (schemas: string[], namespace?: string) => {
      const configuration = { sourceType: "postgres", host: "h", port: 1, database: "d", username: "u", schemas };
      const { sourceId } = await createSource({ ...server, call }, configuration);
      const streams = [{ name: "users", namespace }];
      return call("POST", "/connections", { sourceId, destinationId, configurations: { streams } });
    };
    expect((await create(["sales"], "wrong")).body.configurations.streams[0].namespace).toBe("sales");
    expect((await create(["sales", "public"], "public")).body.configurations.streams[0].namespace).toBe("public");
    expect((await create(["sales", "public"], "wrong")).status).toBe(400);
    expect((await create(["sales", "public"])).status).toBe(400);
  });

  test("of a source that is not known here can have any name", async () => {
    const { call, destinationId, workspaceId } = await startWithEnds();
    const given = { name: "A", workspaceId, definitionId: unknownId, configuration: {} };
    const { sourceId } = (await call("POST", "/sources", given)).body as { sourceId: string };
    const streams = [{ name: "whatever", syncMode: "incremental_append", cursorField: ["t"] }];
    const { body } = await call("POST", "/connections", { sourceId, destinationId, configurations: { streams } });
    expect(body.configurations.streams[0]).toMatchObject({ name: "whatever", cursorField: ["t"] });
  });

  test.each(["hubspot", "stripe", "github"])(
    "of %s, whose stand-in has no catalogue, goes bare in every mode, and with a cursor and a key too",
    async (sourceType) => {
      const { call, destinationId, ...server } = await startWithEnds();
      const { sourceId } = await createSource({ ...server, call }, { sourceType });
      const create = async (stream: object) => {
        const configurations = { streams: [{ name: "contacts", ...stream }] };
        return (await call("POST", "/connections", { sourceId, destinationId, configurations })).status;
      };
      const given = { cursorField: ["updatedAt"], primaryKey: [["id"]] };
      for (const syncMode of ["incremental_deduped_history", "incremental_append", "full_refresh_overwrite"]) {
        expect([await create({ syncMode }), await create({ syncMode, ...given })]).toEqual([200, 200]);
      }
    },
  );

  test("of a manifest that isn't run has the cursor, the key and the modes that the manifest defines", async () => {
    const { call, config, destinationId, workspaceId } = await startWithEnds();
    const people = {
      type: "DeclarativeStream",
      name: "people",
      primary_key: ["id"],
      incremental_sync: { type: "DatetimeBasedCursor", cursor_field: "changed" },
      schema_loader: { type: "InlineSchemaLoader", schema: { $ref: "#/schemas/people" } },
    };
    const manifest = {
      ...{ version: "7.39.1", type: "DeclarativeSource", spec: { connection_specification: { type: "object" } } },
      definitions: { streams: { people, places: { type: "DeclarativeStream", name: "places" } } },
      streams: [{ $ref: "#/definitions/streams/people" }, { $ref: "#/definitions/streams/places" }],
      schemas: { people: { type: "object", properties: { id: { type: "integer" }, changed: { type: "string" } } } },
    };
    const path = `/workspaces/${workspaceId}/definitions/declarative_sources`;
    const { id: definitionId } = (await call("POST", path, { name: "People", manifest })).body;
    const source = { name: "People", workspaceId, definitionId, configuration: {} };
    const { sourceId } = (await call("POST", "/sources", source)).body;
    const create = (name: string) => {
      const configurations = { streams: [{ name, syncMode: "incremental_deduped_history" }] };
      return call("POST", "/connections", { sourceId, destinationId, configurations });
    };
    const made = (await create("people")).body.configurations.streams[0];
    expect(made).toMatchObject({ cursorField: ["changed"], primaryKey: [["id"]] });
    expect((await create("places")).body.data.message).toContain("Cannot set sync mode");
    const { catalog } = (await config("sources/discover_schema", { sourceId })).body;
    expect(Object.keys(catalog.streams[0].stream.jsonSchema.properties as object)).toEqual(["id", "changed"]);
  });

  test("shows a row filter's conditions with the list of further ones that Airbyte gives each, empty where there are none", async () => {
    const { create } = await startWithEnds();
    const equal = { type: "EQUAL", fieldName: "name", comparisonValue: "Ann" };
    const filter = (conditions: object) => ({ type: "row-filtering", mapperConfiguration: { conditions } });
    const shown = async (conditions: object) => {
      const streams = [{ name: "users", mappers: [filter(conditions)] }];
      const { body } = await create({ configurations: { streams } });
      return body.configurations.streams[0].mappers[0].mapperConfiguration as object;
    };
    expect(await shown(equal)).toEqual({ conditions: { ...equal, conditions: [] } });
    expect(await shown({ type: "NOT", conditions: [equal] })).toEqual({
      conditions: { type: "NOT", conditions: [{ ...equal, conditions: [] }] },
    });
  });

  test("gives mappers an id, and masks an encryption key that a later mask keeps", async () => {
    const { create, call } = await startWithEnds();
    const aes = { algorithm: "AES", mode: "CBC", padding: "PKCS5Padding", targetField: "email" };
    const mapper = { type: "encryption", mapperConfiguration: { ...aes, key: "0123456789abcdef0123456789abcdef" } };
    const { body } = await create({ configurations: { streams: [{ name: "users", mappers: [mapper] }] } });
    const [shown] = body.configurations.streams[0].mappers as [{ id: string; mapperConfiguration: object }];
    expect(shown).toMatchObject({ id: expect.any(String) as string, mapperConfiguration: { key: "**********" } });
    const patch = (mappers: object[]) =>
      call("PATCH", `/connections/${body.connectionId as string}`, {
        configurations: { streams: [{ name: "users", mappers }] },
      });
    expect((await patch([shown])).status).toBe(200);
    const lost = await patch([{ ...shown, id: unknownId }]);
    expect([lost.status, lost.body.title]).toEqual([400, "error:mapper-validation/secret-not-found"]);
  });
});

test("streams are a bare array; sync modes only with a destination, and never overwrite + dedup", async () => {
  const { call, sourceId, destinationId } = await startWithEnds();
  const without = await call("GET", `/streams?sourceId=${sourceId}&ignoreCache=false`);
  expect(without.body[0]).toEqual({
    streamName: "products",
    syncModes: null,
    streamnamespace: null,
    defaultCursorField: ["updated_at"],
    sourceDefinedCursorField: true,
    sourceDefinedPrimaryKey: [["id"]],
    propertyFields: expect.arrayContaining([["id"], ["price"]]) as string[][],
  });
  const { body } = await call("GET", `/streams?sourceId=${sourceId}&destinationId=${destinationId}`);
  expect(body[0].syncModes).toEqual([
    "full_refresh_overwrite",
    "full_refresh_append",
    "incremental_append",
    "incremental_deduped_history",
  ]);
});
