// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { describe, expect, test } from "vitest";
import { createSource, startWithEnds, unknownId } from "./start.ts";

describe("a stream's configuration", () => {
  test.each<[string, object]>([
    ["an unknown stream", { name: "user" }],
    ["a sync mode that the two can't do together", { name: "users", syncMode: "incremental_update" }],
    ["another cursor than the source's", { name: "users", syncMode: "incremental_append", cursorField: ["id"] }],
    ["another key than the source's", { name: "users", primaryKey: [["name"]] }],
    ["no selected fields", { name: "users", selectedFields: [] }],
    ["a nested field", { name: "users", selectedFields: [{ fieldPath: ["id", "x"] }] }],
    ["an unknown field", { name: "users", selectedFields: [{ fieldPath: ["ident"] }] }],
    ["a selection without the key", { name: "users", selectedFields: [{ fieldPath: ["updated_at"] }] }],
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
    const mapper = { type: "encryption", mapperConfiguration: { algorithm: "AES", key: "k3y" } };
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
