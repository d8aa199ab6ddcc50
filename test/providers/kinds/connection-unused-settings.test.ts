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

/** A low-code connector whose streams have modes that only its run would tell, so that all of them are open. */
function manifest(...names: string[]) {
  const spec = { type: "Spec", connection_specification: { type: "object", properties: {} } };
  return { type: "DeclarativeSource", spec, streams: names.map((name) => ({ type: "StateDelegatingStream", name })) };
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

describe("a cursor and a key that the mode has no use for", () => {
  const streamDefaults = { syncMode: "incremental_append", cursorField: ["at"], primaryKey: [["id"]] };
  const streams = [{ name: "orders" }, { name: "users", syncMode: "full_refresh_append" }];

  test("are inherited in silence, neither sent nor compared, and there again in a mode that has", async () => {
    const { inputs, mistakes, warnings } = await check({ streams, streamDefaults });
    expect([mistakes, warnings]).toEqual([[], []]);
    const { id, outs } = await connections.create(inputs, airbyte.context);
    expect(airbyte.lines.filter((line) => line.startsWith("warning"))).toEqual([]);
    const shown = await airbyte.byHand("GET", `${API}/connections/${id}`);
    expect(shown.configurations).toMatchObject({
      streams: expect.arrayContaining([
        expect.objectContaining({ name: "orders", cursorField: ["at"], primaryKey: [["id"]] }),
        expect.objectContaining({ name: "users", cursorField: [], primaryKey: [] }),
      ]) as never,
    });
    expect(await connections.read(id, outs, airbyte.context)).toEqual(outs);
    // A state of before, which had them, and one without: both are as declared.
    const bare = inputs.streams!.map((stream) => (stream.name === "users" ? { ...streams[1]! } : stream));
    for (const olds of [inputs, { ...inputs, streams: bare }]) {
      expect(connections.diff(olds, (await check({ streams, streamDefaults }, olds)).inputs).changes).toBe(false);
    }

    const next = await check({ streams: [{ name: "orders" }, { name: "users" }], streamDefaults }, inputs);
    await connections.update(id, inputs, next.inputs, airbyte.context);
    expect(await connections.read(id, next.inputs, airbyte.context)).toEqual(next.inputs);
    const { configurations } = await airbyte.byHand("GET", `${API}/connections/${id}`);
    expect(JSON.stringify(configurations).match(/"cursorField":\["at"\]/g)).toHaveLength(2);
  });

  test("are no mistake where the stream doesn't even have such a field", async () => {
    const defaults = { syncMode: "incremental_append", cursorField: ["at"] };
    const source = airbyte.source({ declaredAs: "dev/people", name: "people" });
    ({ id: sourceId } = await new ActorHandler("source").create(source, airbyte.context));
    const overwritten = [{ name: "users", syncMode: "full_refresh_overwrite" }];
    expect(await check({ streams: overwritten, streamDefaults: defaults })).toMatchObject({
      mistakes: [],
      warnings: [],
    });
  });

  test("are told where they are written for the stream itself, also while its source is still to come, and once", async () => {
    const written = [{ name: "users", syncMode: "full_refresh_append", cursorField: ["id"], primaryKey: [["id"]] }];
    const told =
      'streams[0]: syncMode full_refresh_append of the stream "users" has no use for cursorField and primaryKey, so Airbyte goes without; leave them out, or choose another mode';
    const { warnings, mistakes, inputs } = await check({ streams: written });
    expect([mistakes, warnings]).toEqual([[], [told]]);
    expect((await check({ streams: written }, inputs)).warnings).toEqual([]);
    const before = { ...inputs, streams: [{ name: "users", syncMode: "full_refresh_append" }] };
    expect((await check({ streams: written }, before)).warnings).toEqual([told]);

    const unknown = airbyte.connection(UNKNOWN, destinationId, { streams: [{ name: "users", cursorField: ["id"] }] });
    expect((await examineWhole(connections, unknown, airbyte.context)).warnings).toEqual([
      `streams[0].cursorField: syncMode full_refresh_overwrite, Airbyte's default, of the stream "users" has no use for cursorField, so Airbyte goes without; leave it out, or choose another mode`,
    ]);
    // A pattern's own mode counts, and what a stream has from a pattern is for the others.
    const byPattern = [
      { name: "*", ...streamDefaults },
      { name: "x_*", syncMode: "full_refresh_overwrite", cursorField: ["id"] },
      { name: "users", syncMode: "full_refresh_append" },
    ];
    expect((await check({ streams: byPattern })).warnings).toEqual([
      expect.stringMatching(/^streams\[1\]\.cursorField: .* "x_\*" has no use for cursorField,/),
    ]);
  });
});
