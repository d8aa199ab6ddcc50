import { beforeEach, describe, expect, test } from "vitest";
import { examineWhole } from "../../../providers/airbyte/kind.ts";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import { UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const connections = new ConnectionHandler();
const API = "/api/public/v1";

let airbyte: Airbyte;
let definition: string;
let sourceId: string;
let destinationId: string;

beforeEach(async () => {
  airbyte = await startAirbyte();
  definition = `${API}/workspaces/${airbyte.workspaceId}/definitions/declarative_sources`;
  const made = await airbyte.byHand("POST", definition, {
    name: "shop",
    manifest: manifest("orders", "users", "x_tmp"),
  });
  definition += `/${made.id as string}`;
  const source = airbyte.source({ definitionId: made.id as string, configuration: {} });
  ({ id: sourceId } = await new ActorHandler("source").create(source, airbyte.context));
  ({ id: destinationId } = await new ActorHandler("destination").create(airbyte.destination(), airbyte.context));
});

/** A low-code connector whose streams have an id and a time. */
function manifest(...names: string[]) {
  const properties = { id: { type: "integer" }, at: { type: "string" } };
  const loader = { type: "InlineSchemaLoader", schema: { type: "object", properties } };
  const spec = { type: "Spec", connection_specification: { type: "object", properties: {} } };
  const incremental_sync = { type: "DatetimeBasedCursor", cursor_field: "at" };
  const streams = names.map((name) => ({ name, schema_loader: loader, incremental_sync }));
  return { type: "DeclarativeSource", spec, streams };
}

/** What a preview, or the first half of an update, does with a declaration: the check as Pulumi calls it. */
async function check(over: Partial<ConnectionInputs>, before?: ConnectionInputs) {
  const declared = airbyte.connection(sourceId, destinationId, over);
  const prepared = { ...declared, ...connections.prepare(declared, before) };
  const form = connections.check({ ...prepared });
  expect(form).toEqual([]);
  const { completed, ...told } = await examineWhole(connections, prepared, airbyte.context, before);
  return { ...told, inputs: { ...prepared, ...completed } };
}

async function streamsOnServer(id: string) {
  const { configurations } = (await airbyte.byHand("GET", `${API}/connections/${id}`)) as unknown as {
    configurations: { streams: { name: string; syncMode: string; cursorField: string[] }[] };
  };
  return configurations.streams.map(({ name, syncMode }) => `${name} ${syncMode}`).sort();
}

describe("streams by pattern", () => {
  const declared: Partial<ConnectionInputs> = {
    streams: ["*", "!*_tmp", { name: "users", syncMode: "full_refresh_append" }] as never,
    streamDefaults: { syncMode: "incremental_append", cursorField: ["at"] },
  };

  test("are resolved when the connection is checked, and created so", async () => {
    const { inputs, mistakes } = await check(declared);
    expect(mistakes).toEqual([]);
    expect(inputs.streams?.map(({ name }) => name).sort()).toEqual(["orders", "users"]);
    const { id, outs } = await connections.create(inputs, airbyte.context);
    expect(await streamsOnServer(id)).toEqual(["orders incremental_append", "users full_refresh_append"]);
    expect(await connections.read(id, outs, airbyte.context)).toEqual(outs);
  });

  test("are resolved at the creation, where the source was not there at the check", async () => {
    const declaration = airbyte.connection(UNKNOWN, destinationId, declared);
    const prepared = { ...declaration, ...connections.prepare(declaration) };
    expect(await examineWhole(connections, prepared, airbyte.context)).toMatchObject({ mistakes: [] });
    const { id, outs } = await connections.create({ ...prepared, sourceId }, airbyte.context);
    expect(await streamsOnServer(id)).toHaveLength(2);
    // The next preview asks once, and finds nothing to change.
    const { inputs } = await check(declared, prepared);
    expect(connections.diff(outs, inputs).changes).toBe(false);
  });

  test("without a change nothing is asked of the source again", async () => {
    const { inputs } = await check(declared);
    await airbyte.fault({ discoverError: "the source is down" });
    airbyte.context = airbyte.newContext();
    const again = await check(declared, inputs);
    expect(again.notes).toEqual([]);
    expect(connections.diff(inputs, again.inputs).changes).toBe(false);
  });

  test("a stream that appears upstream is a change after a refresh, and one that goes too", async () => {
    const { inputs } = await check(declared);
    const { id, outs } = await connections.create(inputs, airbyte.context);
    await airbyte.byHand("PUT", definition, { manifest: manifest("orders", "invoices", "y_tmp") });
    airbyte.context = airbyte.newContext();
    const refreshed = await connections.read(id, outs, airbyte.context);
    expect(refreshed?.streams?.map(({ name }) => name).sort()).toEqual(["orders", "users"]);
    const next = await check({ ...declared, streams: ["*", "!*_tmp"] as never }, refreshed);
    expect(next.inputs.streams?.map(({ name }) => name)).toEqual(["orders", "invoices"]);
    expect(connections.diff(refreshed!, next.inputs).changes).toBe(true);
    await connections.update(id, refreshed!, next.inputs, airbyte.context);
    expect(await streamsOnServer(id)).toEqual(["invoices incremental_append", "orders incremental_append"]);
    expect(await connections.read(id, next.inputs, airbyte.context)).toEqual(next.inputs);
  });

  test("a source that is down at a refresh leaves what is known, with a warning", async () => {
    const { inputs } = await check(declared);
    const { id, outs } = await connections.create(inputs, airbyte.context);
    await airbyte.fault({ discoverError: "the source is down" });
    airbyte.context = airbyte.newContext();
    expect(await connections.read(id, outs, airbyte.context)).toEqual(outs);
    expect(airbyte.lines.join("\n")).toMatch(/warning: connection .* can't be found out now: .*the source is down/);
  });

  test("settings for all, without a list, take all streams", async () => {
    const { inputs } = await check({ streamDefaults: { syncMode: "full_refresh_append" } });
    expect(inputs.streams).toHaveLength(3);
    expect(inputs.streams).toContainEqual({ name: "orders", syncMode: "full_refresh_append" });
  });

  test("only exclusions mean all others", async () => {
    const { inputs } = await check({ streams: ["!*_tmp"] as never });
    expect(inputs.streams?.map(({ name }) => name)).toEqual(["orders", "users"]);
  });

  test("one that matches nothing is a warning beside others, and alone a mistake", async () => {
    const beside = await check({ streams: ["orders", "user_*"] as never });
    expect(beside.mistakes).toEqual([]);
    expect(beside.warnings).toEqual([expect.stringMatching(/"user_\*" matches no stream/)]);
    const alone = await check({ streams: ["ordrs*"] as never });
    expect(alone.mistakes).toEqual([
      'streams[0]: the pattern "ordrs*" matches no stream of the source; did you mean "orders"?',
    ]);
  });
});

describe("streams by name", () => {
  test("an unknown one is a mistake with the nearest name, in a preview already", async () => {
    const { mistakes } = await check({ streams: [{ name: "order" }] });
    expect(mistakes).toEqual(['streams[0]: the source offers no stream "order"; did you mean "orders"?']);
  });

  test("an impossible sync mode is one too", async () => {
    const { mistakes } = await check({ streams: [{ name: "orders", syncMode: "incremental_update" }] });
    expect(mistakes).toEqual([
      expect.stringMatching(/^streams\[0\]\.syncMode: incremental_update is not possible .*incremental_append/),
    ]);
  });

  test("what only fails at the source is told as such, and creating asks again", async () => {
    await airbyte.fault({ discoverError: "no route to the shop" });
    const { mistakes, notes } = await check({ streams: [{ name: "orders" }] });
    expect(mistakes).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/has its streams unchecked: .*no route to the shop/)]);
  });

  test("in another order, and with fields in another order, they are the same", async () => {
    const streams = [
      { name: "orders" },
      { name: "users", selectedFields: [{ fieldPath: ["id"] }, { fieldPath: ["at"] }] },
    ];
    const turned = [
      { name: "users", selectedFields: [{ fieldPath: ["at"] }, { fieldPath: ["id"] }] },
      { name: "orders" },
    ];
    const { inputs } = await check({ streams });
    const { id, outs } = await connections.create(inputs, airbyte.context);
    expect(connections.diff(outs, (await check({ streams: turned }, inputs)).inputs).changes).toBe(false);
    expect(await connections.read(id, outs, airbyte.context)).toEqual(outs);
  });
});

describe("a stream that the manifest has no more", () => {
  const warning =
    'the manifest of its source has no stream "users"; take it out of streams, or put it back into the manifest';

  test("is told by a refresh, although nothing of the connection differs", async () => {
    const { inputs } = await check({ streams: [{ name: "orders" }, { name: "users" }] });
    const { id, outs } = await connections.create(inputs, airbyte.context);
    await connections.read(id, outs, airbyte.newContext());
    expect(airbyte.lines).toEqual([]);
    await airbyte.byHand("PUT", definition, { manifest: manifest("orders") });
    expect(await connections.read(id, outs, airbyte.newContext())).toEqual(outs);
    expect(airbyte.lines).toEqual([`warning: connection "users-to-warehouse": ${warning}`]);
  });

  test("is told by the preview that changes the manifest, without a look at the source", async () => {
    const { inputs } = await check({ streams: [{ name: "users" }] });
    airbyte.context = airbyte.newContext();
    await airbyte.fault({ discoverError: "nobody should look" });
    const { manifests } = airbyte.context.discovery;
    const definitionId = definition.split("/").at(-1)!;
    manifests.note(sourceId, { definitionId });
    manifests.note(definitionId, { manifest: manifest("orders", "users") });
    expect((await check({ streams: [{ name: "users" }] }, inputs)).warnings).toEqual([]);
    manifests.note(definitionId, { manifest: manifest("orders") });
    expect((await check({ streams: [{ name: "users" }] }, inputs)).warnings).toEqual([warning]);
  });

  test("of a pattern is taken out by a refresh", async () => {
    const { inputs } = await check({ streams: ["u*"] as never });
    const { manifests } = airbyte.context.discovery;
    manifests.note(sourceId, { definitionId: "d" });
    manifests.note("d", { manifest: manifest("orders") });
    expect((await check({ streams: ["u*"] as never }, inputs)).warnings).toEqual([
      'the manifest of its source has no stream "users"; a refresh takes it out',
    ]);
  });
});

test("a stream may be named with its namespace, also where the source is made in the same run", async () => {
  const { api, discovery } = airbyte.context;
  const offered = [
    { streamName: "orders", streamnamespace: "a" },
    { streamName: "orders", streamnamespace: "b" },
  ];
  discovery.streams = () => Promise.resolve(offered);
  const sent: unknown[] = [];
  const create = api.createConnection.bind(api);
  api.createConnection = (body) => {
    sent.push(body.configurations);
    return create({ ...body, configurations: { streams: [{ name: "orders" }] } });
  };
  const declared = airbyte.connection(sourceId, destinationId, { streams: ["b.orders"] as never });
  const { outs } = await connections.create({ ...declared, ...connections.prepare(declared) }, airbyte.context);
  expect(sent).toEqual([{ streams: [{ name: "orders", namespace: "b" }] }]);
  const state = outs;
  expect(state.streams).toEqual([{ name: "orders", namespace: "b" }]);
  discovery.streams = () => Promise.reject(new Error("nobody should look"));
  const again = await check({ streams: ["b.orders"] as never }, state);
  expect(connections.diff(state, again.inputs).changes).toBe(false);
});

test("a key and a cursor that the source defines are no difference, whatever they have become there", async () => {
  const source = airbyte.source({ declaredAs: "dev/people", name: "people" });
  ({ id: sourceId } = await new ActorHandler("source").create(source, airbyte.context));
  const streams = [
    { name: "users", syncMode: "incremental_deduped_history", primaryKey: [["id"]], cursorField: ["updated_at"] },
  ];
  const { inputs } = await check({ streams });
  const { id } = await connections.create(inputs, airbyte.context);
  // As if the source had defined another key when the state was written.
  const earlier = { ...inputs, streams: [{ ...streams[0]!, primaryKey: [["email"]], cursorField: ["created_at"] }] };
  expect(await connections.read(id, earlier, airbyte.context)).toEqual(earlier);
});

test("what Airbyte did not keep of streams is said with the stream and the setting", async () => {
  const streams = [{ name: "users", selectedFields: [{ fieldPath: ["id"] }] }, { name: "orders" }];
  const { inputs } = await check({ streams });
  const { api } = airbyte.context;
  const create = api.createConnection.bind(api);
  const less = { streams: [{ name: "users" }] };
  api.createConnection = (body) => create({ ...body, configurations: less });
  await connections.create(inputs, airbyte.context);
  expect(airbyte.lines).toContain(
    'warning: connection "users-to-warehouse": Airbyte did not keep what was declared for selectedFields of the stream "users", the stream "orders".',
  );
});
