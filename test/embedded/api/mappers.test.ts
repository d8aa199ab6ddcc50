// What the server answers is checked by the assertions, not by types.
/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { startWithEnds } from "../start.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const aes = { algorithm: "AES", mode: "CBC", padding: "PKCS5Padding", targetField: "email", fieldNameSuffix: "_enc" };
const hashing = { targetField: "email", method: "SHA-256", fieldNameSuffix: "_h" };
const mapper = (type: string, mapperConfiguration: object) => ({ type, mapperConfiguration });

/** Creates and changes a connection with mappers by either API: status, type and data of the answers. */
async function startWithMappers() {
  const server = await startWithEnds();
  const { call, config, create, sourceId, destinationId } = server;
  const { catalog } = (await config("sources/discover_schema", { sourceId })).body as {
    catalog: { streams: { stream: { name: string }; config: object }[] };
  };
  const users = catalog.streams.find(({ stream }) => stream.name === "users")!;
  const { connectionId } = (await create({ configurations: { streams: [{ name: "users" }] } })).body;
  const answer = ({ status, body }: { status: number; body: { type?: string; data?: object } }) =>
    [status, body.type, body.data] as const;
  return async (...mappers: object[]) => {
    const configurations = { streams: [{ name: "users", mappers }] };
    const config_ = { ...users.config, selected: true, mappers };
    const syncCatalog = { streams: [{ stream: users.stream, config: config_ }] };
    return [
      answer(await create({ configurations })),
      answer(await call("PATCH", `/connections/${connectionId as string}`, { configurations })),
      answer(await config("connections/create", { sourceId, destinationId, status: "active", syncCatalog })),
      answer(await config("connections/update", { connectionId, syncCatalog })),
    ];
  };
}

describe("mappers that Airbyte refuses, on creation and update in both APIs", () => {
  test.each<[string, object[], string]>([
    ["a field that isn't there", [mapper("hashing", { ...hashing, targetField: "emial" })], "FIELD_NOT_FOUND"],
    [
      "the same of a renaming",
      [mapper("field-renaming", { originalFieldName: "x", newFieldName: "y" })],
      "FIELD_NOT_FOUND",
    ],
    [
      "a new name that is taken",
      [mapper("field-renaming", { originalFieldName: "name", newFieldName: "email" })],
      "FIELD_ALREADY_EXISTS",
    ],
    [
      "a field that an earlier one took",
      [mapper("field-filtering", { targetField: "email" }), mapper("hashing", hashing)],
      "FIELD_NOT_FOUND",
    ],
    ["an AES key that is none", [mapper("encryption", { ...aes, key: "short" })], "INVALID_MAPPER_CONFIG"],
    ["a mask where there is no key", [mapper("encryption", { ...aes, key: "**********" })], "INVALID_MAPPER_CONFIG"],
    [
      "an RSA key that is none",
      [mapper("encryption", { algorithm: "RSA", targetField: "email", publicKey: "nonsense" })],
      "INVALID_MAPPER_CONFIG",
    ],
  ])("%s", async (_what, mappers, error) => {
    const answers = await (await startWithMappers())(...mappers);
    const { type, mapperConfiguration } = mappers.at(-1) as ReturnType<typeof mapper>;
    const shown = { id: expect.any(String) as string, type, mapperConfiguration };
    expect(answers).toEqual(
      Array(4).fill([400, "error:mapper-validation", { errors: [{ stream: "users", error, mapper: shown }] }]),
    );
  });

  test.each<[string, object, string]>([
    ["hashing", { targetField: "email" }, "missing-required-param"],
    ["hashing", { field: "email", method: "MD5", fieldNameSuffix: "_h" }, "missing-required-param"],
    ["hashing", { ...hashing, method: "SHA256" }, "invalid-config"],
    ["row-filtering", { conditions: { type: "EQUALS", fieldName: "name", comparisonValue: "x" } }, "invalid-config"],
    ["row-filtering", { conditions: { type: "EQUAL", fieldName: "name" } }, "missing-required-param"],
    ["encryption", { algorithm: "DES", targetField: "email" }, "invalid-config"],
    ["encryption", { algorithm: "AES", targetField: "email", key: KEY }, "missing-required-param"],
  ])("%s with %j", async (type, settings, error) => {
    const answers = await (await startWithMappers())(mapper(type, settings));
    const data = { mapperId: expect.any(String) as string, mapperType: type, message: expect.any(String) as string };
    expect(answers).toEqual(Array(4).fill([400, `error:mapper-validation/${error}`, data]));
  });

  test("what it takes: fields that earlier ones made, a row filter on any field, keys that encrypt", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const der = publicKey.export({ format: "der", type: "spki" }).toString("hex");
    const set = await startWithMappers();
    const answers = await set(
      mapper("field-renaming", { originalFieldName: "name", newFieldName: "person" }),
      mapper("hashing", { targetField: "person", method: "MD2", fieldNameSuffix: "" }),
      mapper("row-filtering", { conditions: { type: "EQUAL", fieldName: "nonsense", comparisonValue: "x" } }),
      mapper("encryption", { ...aes, key: KEY }),
      mapper("encryption", { algorithm: "RSA", targetField: "title", publicKey: der }),
    );
    expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200]);
  });
});

test("a field that isn't selected is none to a mapper", async () => {
  const { create } = await startWithEnds();
  const streams = [{ name: "users", selectedFields: [{ fieldPath: ["id"] }], mappers: [mapper("hashing", hashing)] }];
  const { status, body } = await create({ configurations: { streams } });
  expect([status, body.data.errors[0].error]).toEqual([400, "FIELD_NOT_FOUND"]);
});
