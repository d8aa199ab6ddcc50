import { beforeEach, describe, expect, test } from "vitest";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { CONNECTION_DEFAULTS, type ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import { UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const connections = new ConnectionHandler();
const API = "/api/public/v1";

let airbyte: Airbyte;
let sourceId: string;
let destinationId: string;
let declare: (over?: Partial<ConnectionInputs>) => ConnectionInputs;

beforeEach(async () => {
  airbyte = await startAirbyte();
  const { context } = airbyte;
  ({ id: sourceId } = await new ActorHandler("source").create(airbyte.source(), context));
  ({ id: destinationId } = await new ActorHandler("destination").create(airbyte.destination(), context));
  declare = (over) => airbyte.connection(sourceId, destinationId, over);
});

async function create(inputs: ConnectionInputs): Promise<string> {
  return (await connections.create(inputs, airbyte.context)).id;
}

const onServer = (id: string) => airbyte.byHand("GET", `${API}/connections/${id}`);

describe("a program's connection is told in the words of the files", () => {
  const told = (over: object) => connections.check({ ...declare(), ...over });

  test.each([
    [{ namespaceFormat: "raw" }, /^namespaceFormat: Airbyte goes by it with namespaceDefinition: custom_format alone/],
    [{ namespaceDefinition: "custom_format" }, /^namespaceFormat: is missing; .* custom_format needs it/],
    [
      { schedule: { scheduleType: "cron", cronExpression: "0 0 25 * * ?" } },
      /^schedule\.cronExpression: the 3rd field \(hours\): expected 0 to 23, found "25"/,
    ],
  ])("%j", (over, expected) => {
    expect(told(over)).toEqual([expect.stringMatching(expected)]);
  });

  test("what isn't known yet is no contradiction", () => {
    expect(told({ namespaceDefinition: UNKNOWN, namespaceFormat: "raw" })).toEqual([]);
    expect(told({ namespaceDefinition: "custom_format", namespaceFormat: UNKNOWN })).toEqual([]);
    expect(told({ namespaceDefinition: "source", namespaceFormat: UNKNOWN })).toEqual([]);
  });
});

test("a cron that fires more than once an hour: refused where Airbyte Cloud would, else warned of when it is new", async () => {
  const often = declare({ schedule: { scheduleType: "cron", cronExpression: "0 0/15 * * * ?" } });
  const cloud = {
    ...airbyte.context,
    api: Object.create(airbyte.context.api, { hasConfigApi: { value: false } }) as never,
  };
  expect((await connections.examine(often, cloud)).mistakes).toEqual([
    {
      path: ["schedule", "cronExpression"],
      text: "fires 4 times in an hour, and this Airbyte syncs once an hour at most",
    },
  ]);
  const { mistakes, warnings } = await connections.examine(often, airbyte.context);
  expect(mistakes).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/^schedule: fires 4 times in an hour; /)]);
  expect((await connections.examine(often, airbyte.context, often)).warnings).toEqual([]);
});

test("an id of what others manage must be there, in the connection's workspace; what the stack has made, or had before, isn't asked for", async () => {
  const { byHand, workspaceId, newContext } = airbyte;
  const none = "00000000-0000-4000-8000-000000000000";
  const { sourceId: own } = declare();
  const { id: theirs } = await airbyte.api.createActor("source", airbyte.source());
  const other = (await byHand("POST", `${API}/workspaces`, { name: "Other" })).workspaceId as string;
  const { id: elsewhere } = await airbyte.api.createActor("source", airbyte.source({ workspaceId: other }));
  const mistakes = async (over: Partial<ConnectionInputs>, before?: ConnectionInputs) =>
    (await connections.examine(declare(over), newContext(), before)).mistakes;
  expect(await mistakes({ sourceId: none, streams: [{ name: "users" }] })).toEqual([
    { path: ["sourceId"], text: `this Airbyte has no source ${none}` },
  ]);
  expect(await mistakes({ destinationId: theirs })).toEqual([
    { path: ["destinationId"], text: `this Airbyte has no destination ${theirs}` },
  ]);
  const [strange] = await mistakes({ sourceId: elsewhere });
  expect(strange?.path).toEqual(["sourceId"]);
  expect(strange?.text).toContain(`is in the workspace ${other}, and the connection in ${workspaceId}`);
  expect(await mistakes({ sourceId: elsewhere, workspaceId: UNKNOWN })).toEqual([]);
  expect(await mistakes({ sourceId: none, workspaceId: UNKNOWN })).toHaveLength(1);
  expect(await mistakes({ sourceId: theirs })).toEqual([]);
  await byHand("DELETE", `${API}/sources/${theirs}`);
  expect(await mistakes({ sourceId: theirs })).toHaveLength(1);
  expect(await mistakes({ sourceId: theirs }, declare({ sourceId: theirs }))).toEqual([]);
  await byHand("DELETE", `${API}/sources/${own}`);
  expect(await mistakes({})).toEqual([]);
});

describe("the life of a connection", () => {
  test("it is created as declared, read without a difference, changed in place, and deleted", async () => {
    const inputs = declare({
      schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ?" },
      status: "active",
      streams: [{ name: "users", syncMode: "incremental_deduped_history" }],
      prefix: "raw_",
    });
    const id = await create(inputs);
    expect(await onServer(id)).toMatchObject({ prefix: "raw_", schedule: { cronExpression: "0 0 6 * * ? UTC" } });
    expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);

    const paused = { ...inputs, status: "inactive" };
    expect(connections.diff(inputs, paused)).toMatchObject({ changes: true, replaces: [] });
    await connections.update(id, inputs, paused, airbyte.context);
    expect(await onServer(id)).toMatchObject({ status: "inactive", prefix: "raw_" });

    await connections.delete(id, paused, airbyte.context);
    expect(await connections.read(id, paused, airbyte.context)).toBeUndefined();
    expect(await onServer(id)).toMatchObject({ status: "deprecated" });
  });

  test("without declared streams it gets every stream of the source, and none of them is a difference", async () => {
    const id = await create(declare());
    const { configurations } = (await onServer(id)) as unknown as { configurations: { streams: { name: string }[] } };
    expect(configurations.streams.map((stream) => stream.name).sort()).toEqual(["products", "purchases", "users"]);
    expect(await connections.read(id, declare(), airbyte.context)).toEqual(declare());
  });

  test("mappers read as they were declared, whatever the server adds or masks; and what somebody changed in one differs", async () => {
    const key = "00112233445566778899aabbccddeeff";
    const mappers = [
      {
        type: "encryption",
        mapperConfiguration: {
          algorithm: "AES",
          mode: "CBC",
          padding: "PKCS5Padding",
          targetField: "email",
          key: "[secret k]",
        },
      },
      { type: "hashing", mapperConfiguration: { targetField: "name", method: "SHA-256", fieldNameSuffix: "_h" } },
      {
        type: "row-filtering",
        mapperConfiguration: { conditions: { type: "EQUAL", fieldName: "gender", comparisonValue: "x" } },
      },
    ];
    const inputs = declare({ streams: [{ name: "users", mappers }], mapperSecrets: { k: key } });
    const id = await create(inputs);
    expect(airbyte.lines.join()).not.toContain("did not keep");
    const read = async () => connections.read(id, inputs, airbyte.context);
    expect(await read()).toStrictEqual(inputs);

    const { configurations } = await onServer(id);
    const changed = structuredClone(configurations) as unknown as {
      streams: { mappers: { mapperConfiguration: object }[] }[];
    };
    for (const stream of changed.streams) Reflect.deleteProperty(stream, "selectedFields");
    Object.assign(changed.streams[0]?.mappers[1]?.mapperConfiguration ?? {}, { method: "MD5" });
    await airbyte.byHand("PATCH", `${API}/connections/${id}`, { configurations: changed });
    const expected = structuredClone(inputs);
    Object.assign(expected.streams?.[0]?.mappers?.[1]?.mapperConfiguration as object, { method: "MD5" });
    airbyte.context.reads.forget();
    expect(await read()).toStrictEqual(expected);
  });

  test("a mapper that the server refuses is told with stream and type, and nothing of its settings", async () => {
    const settings = {
      algorithm: "AES",
      mode: "CBC",
      padding: "PKCS5Padding",
      targetField: "emial",
      key: "0".repeat(32),
    };
    const streams = [{ name: "users", mappers: [{ type: "encryption", mapperConfiguration: settings }] }];
    const refused = create(declare({ streams })).catch((error: unknown) => String(error));
    expect(await refused).toContain('stream "users" for its mapper encryption: FIELD_NOT_FOUND');
    expect(await refused).not.toContain("000000");
  });

  test("one that was deleted by hand can't be changed: Airbyte would take the change and go on treating it as deleted", async () => {
    const id = await create(declare());
    await airbyte.byHand("DELETE", `${API}/connections/${id}`);
    const update = connections.update(id, declare(), declare({ prefix: "x_" }), airbyte.context);
    await expect(update).rejects.toThrow(/was deleted in Airbyte by hand/);
  });

  test("one that went with its source reads as gone", async () => {
    const id = await create(declare());
    await airbyte.byHand("DELETE", `${API}/sources/${sourceId}`);
    expect(await connections.read(id, declare(), airbyte.context)).toBeUndefined();
  });
});

describe("a setting taken out of the declaration goes back to its default", () => {
  const set: Partial<ConnectionInputs> = {
    status: "inactive",
    schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ?" },
    namespaceDefinition: "custom_format",
    namespaceFormat: "data_${SOURCE_NAMESPACE}",
    prefix: "raw_",
    nonBreakingSchemaUpdatesBehavior: "propagate_columns",
  };

  test.each(Object.keys(set))("%s", async (key) => {
    const before = declare(set);
    const id = await create(before);
    const after = Object.fromEntries(
      Object.entries(before).filter(([name]) => name !== key),
    ) as unknown as ConnectionInputs;
    expect(connections.diff(before, after).changes).toBe(true);
    await connections.update(id, before, after, airbyte.context);
    const server = await onServer(id);
    expect(server[key]).toEqual(CONNECTION_DEFAULTS[key as keyof typeof CONNECTION_DEFAULTS]);
    for (const other of Object.keys(set).filter((name) => name !== key && name !== "schedule")) {
      expect(server[other]).toEqual(set[other as keyof ConnectionInputs]);
    }
  });

  test("tags", async () => {
    const tag = await airbyte.byHand("POST", `${API}/tags`, {
      name: "gold",
      color: "FFAA00",
      workspaceId: airbyte.workspaceId,
    });
    const before = declare({ tags: [tag] });
    const id = await create(before);
    expect(await connections.read(id, before, airbyte.context)).toEqual(before);
    await connections.update(id, before, declare(), airbyte.context);
    expect((await onServer(id)).tags).toEqual([]);
  });

  test("streams: every stream of the source", async () => {
    const before = declare({ streams: [{ name: "users" }] });
    const id = await create(before);
    await connections.update(id, before, declare(), airbyte.context);
    const { configurations } = (await onServer(id)) as unknown as { configurations: { streams: unknown[] } };
    expect(configurations.streams).toHaveLength(3);
  });
});

describe("what is compared", () => {
  test("the zone that Airbyte puts behind a cron expression is no difference, with or without UTC in the declaration", async () => {
    const withZone = declare({ schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ? UTC" } });
    const without = declare({ schedule: { scheduleType: "cron", cronExpression: "0 0 6 * * ?" } });
    expect(connections.diff(withZone, without).changes).toBe(false);
    const id = await create(withZone);
    expect(await connections.read(id, withZone, airbyte.context)).toEqual(withZone);
  });

  test("source-defined cursor and key, and an empty list of selected fields, are never sent back nor a difference", async () => {
    const inputs = declare({ streams: [{ name: "users", syncMode: "incremental_append", selectedFields: [] }] });
    const id = await create(declare({ streams: [{ name: "users", syncMode: "incremental_append" }] }));
    expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
    await connections.update(id, declare(), inputs, airbyte.context);
    expect(airbyte.lines).toEqual([]);
  });

  test("edits by hand are read setting by setting, and an update repairs them", async () => {
    const inputs = declare({ prefix: "raw_", status: "active", streams: [{ name: "users" }, { name: "products" }] });
    const id = await create(inputs);
    await airbyte.byHand("PATCH", `${API}/connections/${id}`, {
      prefix: "hand_",
      status: "inactive",
      configurations: { streams: [{ name: "users", syncMode: "full_refresh_append" }, { name: "purchases" }] },
    });
    const seen = (await connections.read(id, inputs, airbyte.context)) ?? inputs;
    expect(seen).toMatchObject({ prefix: "hand_", status: "inactive" });
    expect(seen.streams?.map((stream) => stream.name)).toEqual(["users", "purchases"]);
    expect(connections.diff(seen, inputs).changes).toBe(true);
    await connections.update(id, seen, inputs, airbyte.context);
    expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
  });

  test("a schedule made in the UI reads as basic, which differs and is repaired by what is declared", async () => {
    const inputs = declare({ schedule: { scheduleType: "manual" } });
    const id = await create(inputs);
    const basic = { scheduleType: "basic", scheduleData: { basicSchedule: { timeUnit: "hours", units: 24 } } };
    await airbyte.byHand("POST", "/api/v1/connections/update", { connectionId: id, ...basic });
    const seen = (await connections.read(id, inputs, airbyte.context)) ?? inputs;
    expect(seen.schedule?.scheduleType).toBe("basic");
    expect(connections.diff(seen, inputs).changes).toBe(true);
    await connections.update(id, seen, inputs, airbyte.context);
    expect(await onServer(id)).toMatchObject({ schedule: { scheduleType: "manual" } });
  });

  test("tags in another order are the same tags", () => {
    const tag = (tagId: string) => ({ tagId, name: tagId, color: "FFAA00", workspaceId: "w" });
    const [one, two] = [declare({ tags: [tag("a"), tag("b")] }), declare({ tags: [tag("b"), tag("a")] })];
    expect(connections.diff(one, two).changes).toBe(false);
    expect(connections.diff(one, declare({ tags: [tag("a")] })).changes).toBe(true);
  });

  test("streams that Airbyte adds by itself under propagate_fully are no difference", async () => {
    const inputs = declare({ nonBreakingSchemaUpdatesBehavior: "propagate_fully", streams: [{ name: "users" }] });
    const id = await create(inputs);
    await airbyte.byHand("PATCH", `${API}/connections/${id}`, {
      configurations: { streams: [{ name: "users" }, { name: "products" }] },
    });
    expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
  });

  test("dataResidency is sent and never compared: no answer shows it", async () => {
    const inputs = declare({ dataResidency: "us" });
    expect(connections.diff(inputs, declare({ dataResidency: "eu" })).changes).toBe(false);
    const id = await create(inputs);
    expect(await connections.read(id, inputs, airbyte.context)).toEqual(inputs);
  });

  test("another source replaces it, deleted first: never two with one schedule side by side", () => {
    expect(connections.diff(declare(), declare({ sourceId: destinationId }))).toEqual({
      changes: true,
      replaces: ["sourceId"],
      deleteBeforeReplace: true,
    });
  });
});

test("status deprecated is refused, with what to do instead", () => {
  expect(connections.check({ ...declare(), status: "deprecated" })).toEqual([expect.stringMatching(/inactive/)]);
});

test("an unknown stream is Airbyte's error, with the connection's name", async () => {
  await expect(create(declare({ streams: [{ name: "userz" }] }))).rejects.toThrow(
    /create connection "users-to-warehouse"/,
  );
});
