import { describe, expect, test } from "vitest";
import { issueInWords } from "../../../errors/zod-issues.ts";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import { mapperIssues } from "../../../providers/airbyte/kinds/connection/mapper-settings.ts";
import { UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { mistakesOf } from "../../declaration/project.ts";

const KEY = "00112233445566778899aabbccddeeff";
const told = (type: string, mapperConfiguration: object) =>
  mapperIssues({ streams: [{ name: "users", mappers: [{ type, mapperConfiguration }] }] })
    .map(issueInWords)
    .map((text) => text.replace("streams[0].mappers[0].mapperConfiguration.", ""));

const aes = { algorithm: "AES", mode: "CBC", padding: "PKCS5Padding", targetField: "email", key: KEY };
const equal = { type: "EQUAL", fieldName: "name", comparisonValue: "Ann" };

describe("the settings of a mapper", () => {
  test.each<[string, object]>([
    ["hashing", { targetField: "email", method: "SHA-256", fieldNameSuffix: "" }],
    ["field-renaming", { originalFieldName: "name", newFieldName: "person" }],
    ["field-filtering", { targetField: "email" }],
    ["row-filtering", { conditions: equal }],
    ["row-filtering", { conditions: { type: "NOT", conditions: [{ ...equal, conditions: [] }] } }],
    ["encryption", aes],
    ["encryption", { ...aes, fieldNameSuffix: "_enc" }],
    ["encryption", { algorithm: "RSA", targetField: "email", publicKey: "30" }],
    // What isn't known yet passes.
    [
      "hashing",
      { targetField: UNKNOWN, method: UNKNOWN, fieldNameSuffix: "[secret users.mappers[0].fieldNameSuffix]" },
    ],
  ])("%s %j is right", (type, settings) => {
    expect(told(type, settings)).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    [
      "hashing",
      { field: "email", method: "SHA256", fieldNameSuffix: "_h" },
      [
        "targetField: is missing; expected text",
        'method: expected one of MD2, MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512; found "SHA256"; did you mean "SHA-256"?',
        "field: unknown key (known: targetField, method, fieldNameSuffix)",
      ],
    ],
    ["hashing", { targetField: "email", method: "MD5" }, ["fieldNameSuffix: is missing; expected text"]],
    [
      "field-renaming",
      { originalFieldname: "a", newFieldName: "b" },
      ['originalFieldname: unknown key; did you mean "originalFieldName"?'],
    ],
    ["row-filtering", {}, ["conditions: is missing; expected a map"]],
    [
      "row-filtering",
      { conditions: { type: "EQUALS", fieldName: "name" } },
      ['conditions.type: expected one of EQUAL, NOT; found "EQUALS"; did you mean "EQUAL"?'],
    ],
    [
      "row-filtering",
      { conditions: { type: "NOT", conditions: [{ type: "EQUAL", field: "name", comparisonValue: "x" }] } },
      [
        "conditions.conditions[0].fieldName: is missing; expected text",
        "conditions.conditions[0].field: unknown key (known: type, fieldName, comparisonValue, conditions)",
      ],
    ],
    [
      "encryption",
      { ...aes, algorithm: "DES" },
      ['algorithm: expected one of AES, RSA; found "DES"; did you mean "AES"?'],
    ],
    [
      "encryption",
      { ...aes, mode: "cbc" },
      ['mode: expected one of CBC, CFB, CTR, ECB, GCM, OFB; found "cbc"; did you mean "CBC"?'],
    ],
    [
      "encryption",
      { ...aes, key: undefined, padding: undefined },
      ["padding: is missing; expected one of PKCS5Padding, NoPadding", "key: is missing; expected text"],
    ],
  ])("%s %j is told", (type, settings, expected) => {
    const found = told(type, settings);
    for (const sentence of expected) expect(found.join("\n")).toContain(sentence);
    expect(found).toHaveLength(expected.length);
  });

  test("that are written for a pattern or for all are told there, once", () => {
    const mappers = [{ type: "hashing", mapperConfiguration: { targetField: "email", method: "MD5" } }];
    // As the provider has it: the streams have inherited them.
    const declared = {
      streams: [
        { name: "users", mappers },
        { name: "orders", mappers },
      ],
      streamDefaults: { mappers },
    };
    expect(mapperIssues(declared).map(({ path }) => path.slice(0, 3))).toEqual([["streamDefaults", "mappers", 0]]);
    const matched = { streams: [], streamSelection: ["users", { name: "p*", mappers }] };
    expect(mapperIssues(matched).map(({ path }) => path.slice(0, 4))).toEqual([["streams", 1, "mappers", 0]]);
  });
});

describe("in a file and in a program", () => {
  const file = (mapper: string) => `
sources: { app: { connector: faker } }
destinations: { lake: { connector: postgres, configuration: {} } }
connections:
  c:
    source: app
    destination: lake
    streams:
      - name: users
        mappers:
          - ${mapper}
`;
  const wrong = "{ type: hashing, mapperConfiguration: { targetField: email, method: SHA256, fieldNameSuffix: _h } }";

  test("the sentence is the same, with its line in the file", () => {
    const [inFile] = mistakesOf(file(wrong));
    const sentence =
      'streams[0].mappers[0].mapperConfiguration.method: expected one of MD2, MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512; found "SHA256"; did you mean "SHA-256"?';
    expect(inFile).toMatch(/^pipelines\.yaml:11:\d+ /);
    expect(inFile).toContain(`connections.c.${sentence}`);
    expect(inProgram({ targetField: "email", method: "SHA256", fieldNameSuffix: "_h" }, "hashing")).toEqual([sentence]);
  });

  test("a type that isn't known is told once", () => {
    expect(mistakesOf(file("{ type: hash, mapperConfiguration: {} }"))).toHaveLength(1);
    expect(inProgram({}, "hash")).toEqual([
      expect.stringMatching(/^streams\[0\]\.mappers\[0\]\.type: expected one of/),
    ]);
  });

  test("no key is quoted, whatever is wrong with it", () => {
    const secret = "hunter2";
    for (const key of [secret, `[${secret}]`, 1234567]) {
      const found = [
        ...mistakesOf(
          file(
            `{ type: encryption, mapperConfiguration: { algorithm: AES, mode: CBC, padding: PKCS5Padding, targetField: email, key: ${key} } }`,
          ),
        ),
        ...inProgram({ ...aes, key }, "encryption"),
      ];
      expect(found.length).toBeGreaterThan(0);
      expect(found.join("\n")).not.toMatch(/hunter2|1234567/);
    }
  });
});

describe("a key that nothing can be encrypted with", () => {
  const key = "streams[0].mappers[0].mapperConfiguration.key: ";

  test("is told by its form; the right one isn't, nor what isn't known yet", () => {
    expect(inProgram({ ...aes, key: "short" }, "encryption")).toEqual([
      `${key}expected 32, 48 or 64 hexadecimal digits`,
    ]);
    for (const right of [KEY, KEY + KEY, UNKNOWN, "[secret unknown]"]) {
      expect(inProgram({ ...aes, key: right }, "encryption")).toEqual([]);
    }
    const rsa = { algorithm: "RSA", targetField: "email", publicKey: "-----BEGIN PUBLIC KEY-----" };
    expect(inProgram(rsa, "encryption")).toEqual([
      expect.stringMatching(/publicKey: expected the public key as X\.509/),
    ]);
  });

  test("a mask stands for what Airbyte has only with the mapper's id", () => {
    const masked = { ...aes, key: "**********" };
    expect(inProgram(masked, "encryption")).toEqual([`${key}is a mask; give the key, or the mapper's id`]);
    expect(inProgram(masked, "encryption", { id: "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c15" })).toEqual([]);
  });

  test("is found behind the placeholder that stands for it", () => {
    const sealed = { ...aes, key: "[secret users.mappers[0].key]" };
    const found = inProgram(sealed, "encryption", {}, { mapperSecrets: { "users.mappers[0].key": "hunter2" } });
    expect(found).toEqual([`${key}expected 32, 48 or 64 hexadecimal digits`]);
  });
});

function inProgram(mapperConfiguration: object, type: string, mapper: object = {}, more: object = {}): string[] {
  const id = "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13";
  const streams = [{ name: "users", mappers: [{ ...mapper, type, mapperConfiguration }] }];
  const common = { airbyteUrl: "http://a", declaredAs: "dev/c", name: "c", workspaceId: id, sourceId: id };
  return new ConnectionHandler().check({ ...common, destinationId: id, streams, ...more });
}
