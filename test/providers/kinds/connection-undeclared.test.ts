import { beforeEach, expect, test } from "vitest";
import { ActorHandler } from "../../../providers/airbyte/kinds/actor/life.ts";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import type { StreamInputs } from "../../../providers/airbyte/kinds/connection/streams.ts";
import { POSTGRES, startAirbyte, type Airbyte } from "../lifecycle/airbyte.ts";

const connections = new ConnectionHandler();
const API = "/api/public/v1";
const key = "00112233445566778899aabbccddeeff";
const byHand = {
  selectedFields: [{ fieldPath: ["id"] }, { fieldPath: ["email"] }],
  mappers: [
    {
      type: "encryption",
      mapperConfiguration: {
        ...{ algorithm: "AES", mode: "CBC", padding: "PKCS5Padding" },
        ...{ targetField: "email", fieldNameSuffix: "_enc", key },
      },
    },
  ],
};

let airbyte: Airbyte;
let ends: [string, string];
beforeEach(async () => {
  airbyte = await startAirbyte();
  const source = await new ActorHandler("source").create(airbyte.source(), airbyte.context);
  const target = airbyte.destination({ definitionId: POSTGRES });
  const destination = await new ActorHandler("destination").create(target, airbyte.context);
  ends = [source.id, destination.id];
});

const declared = (...streams: StreamInputs[]) => airbyte.connection(...ends, { streams });

interface Shown {
  name: string;
  syncMode: string;
  selectedFields: { fieldPath: string[] }[];
  mappers: { id: string; mapperConfiguration: { key: string } }[];
}

async function shown(id: string, name: string): Promise<Shown> {
  const found = await airbyte.byHand("GET", `${API}/connections/${id}`);
  const { streams } = found.configurations as unknown as { streams: Shown[] };
  return streams.find((stream) => stream.name === name)!;
}

async function madeAndChangedByHand(inputs: ReturnType<typeof declared>, by: object = byHand) {
  const { id } = await connections.create(inputs, airbyte.context);
  const streams = inputs.streams!.map((stream) => (stream.name === "users" ? { ...stream, ...by } : stream));
  await airbyte.byHand("PATCH", `${API}/connections/${id}`, { configurations: { streams } });
  return id;
}

test("what somebody set on a stream stays when another one is declared: fields and mappers, whose secrets nobody sees", async () => {
  const before = declared({ name: "users" });
  const id = await madeAndChangedByHand(before);
  const first = await shown(id, "users");
  await connections.update(id, before, declared({ name: "users" }, { name: "products" }), airbyte.context);
  expect(await shown(id, "users")).toEqual(first);
  expect(first.selectedFields).toHaveLength(2);
  expect(first.mappers[0]?.mapperConfiguration.key).toBe("**********");
  expect(await shown(id, "products")).toMatchObject({ selectedFields: [], mappers: [] });
});

test("what was declared and is no more goes back to its default, and what is declared wins", async () => {
  const fields = [{ fieldPath: ["id"] }];
  const before = declared({ name: "users", selectedFields: fields });
  const id = await madeAndChangedByHand(before, { mappers: byHand.mappers, selectedFields: byHand.selectedFields });
  await connections.update(id, before, declared({ name: "users" }), airbyte.context);
  expect(await shown(id, "users")).toMatchObject({ selectedFields: [], mappers: [{ type: "encryption" }] });
  await connections.update(
    id,
    declared({ name: "users" }),
    declared({ name: "users", mappers: [], selectedFields: fields }),
    airbyte.context,
  );
  expect(await shown(id, "users")).toMatchObject({ selectedFields: fields, mappers: [] });
});

test("a mode that somebody chose stays with its cursor; the source's own cursor and key aren't sent back", async () => {
  const before = declared({ name: "users" }, { name: "products" });
  const id = await madeAndChangedByHand(before, { syncMode: "incremental_deduped_history" });
  await connections.update(id, before, declared({ name: "users" }), airbyte.context);
  expect(await shown(id, "users")).toMatchObject({ syncMode: "incremental_deduped_history" });
});

test("taking a connection over leaves what somebody set on its streams", async () => {
  const before = declared({ name: "users" });
  const id = await madeAndChangedByHand(before);
  const adopting = airbyte.connection(...ends, {
    ...{ adopt: id, declaredAs: "dev/other", name: "adopted" },
    streams: [{ name: "users", syncMode: "full_refresh_append" }],
  });
  await airbyte.context.intents.deleted(id);
  await connections.create(adopting, airbyte.context);
  expect(await shown(id, "users")).toMatchObject({
    ...{ syncMode: "full_refresh_append", selectedFields: byHand.selectedFields, mappers: [{ type: "encryption" }] },
  });
});
