import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ConnectionHandler } from "../../../providers/airbyte/kinds/connection/life.ts";
import type { ConnectionInputs } from "../../../providers/airbyte/kinds/connection/view.ts";
import { revealed, type MapperSecrets } from "../../../providers/airbyte/kinds/connection/mappers.ts";
import { streamsSeenThrough, type StreamInputs } from "../../../providers/airbyte/kinds/connection/streams.ts";
import { sealMappers } from "../../../providers/airbyte/kinds/connection/mapper-sealing.ts";
import { isRare, Redactor, possibleSecrets } from "../../../providers/airbyte/api/redact.ts";

const KEY = "00112233445566778899aabbccddeeff";
const AES = {
  type: "encryption",
  mapperConfiguration: { algorithm: "AES", mode: "GCM", padding: "NoPadding", targetField: "email", key: KEY },
};
const HASHING = { type: "hashing", mapperConfiguration: { targetField: "name", method: "SHA-256" } };
const resolved = <T>(value: unknown) =>
  new Promise<T>((resolve) => pulumi.output(value as T).apply((v) => resolve(v as T)));

/** What a program gives, as the provider gets it, and which parts of it are secrets. */
async function sealed(args: Parameters<typeof sealMappers>[0]) {
  const { mapperSecrets, ...inputs } = sealMappers(args) as Record<string, unknown>;
  const shown = await resolved<{ streams: StreamInputs[]; streamDefaults?: object }>(inputs);
  return { mapperSecrets, shown, secrets: await resolved<MapperSecrets | undefined>(mapperSecrets) };
}

describe("secrets of mappers", () => {
  test("are an input of their own, by place, whatever the program makes of the streams", async () => {
    const { mapperSecrets, shown, secrets } = await sealed({
      streams: ["orders", { name: "users", namespace: "crm", mappers: [HASHING, AES] }, { name: "p*", mappers: [AES] }],
      streamDefaults: { mappers: [AES] },
    });
    expect(JSON.stringify(shown)).not.toContain(KEY);
    expect(shown.streams[1]?.mappers?.[0]).toEqual(HASHING);
    expect(shown.streams[1]?.mappers?.[1]).toMatchObject({
      mapperConfiguration: { mode: "GCM", targetField: "email" },
    });
    const places = ["crm.users.mappers[1].key", "p*.mappers[0].key", "streamDefaults.mappers[0].key"];
    expect(Object.keys(secrets ?? {}).sort()).toEqual(places);
    for (const place of places) {
      expect(await pulumi.isSecret((mapperSecrets as Record<string, pulumi.Output<string>>)[place]!)).toBe(true);
    }
    expect(revealed(shown, secrets).streams[1]).toMatchObject({ mappers: [HASHING, AES] });
  });

  test.each([
    [
      "a value",
      { name: "users", mappers: [{ ...AES, mapperConfiguration: { targetField: "email", key: pulumi.secret(KEY) } }] },
    ],
    [
      "a value of a harmless key",
      {
        name: "users",
        mappers: [
          { type: "row-filtering", mapperConfiguration: { conditions: { comparisonValue: pulumi.secret(KEY) } } },
        ],
      },
    ],
    [
      "a configuration",
      { name: "users", mappers: [{ type: "encryption", mapperConfiguration: pulumi.secret({ key: KEY }) }] },
    ],
    ["a mapper", { name: "users", mappers: [pulumi.output(AES)] }],
    ["the list of mappers", { name: "users", mappers: pulumi.output([AES]) }],
    ["a stream", pulumi.output({ name: "users", mappers: [AES] })],
    [
      "a text in place of a configuration",
      { name: "users", mappers: [{ type: "encryption", mapperConfiguration: KEY }] },
    ],
    ["a number", { name: "users", mappers: [{ type: "encryption", mapperConfiguration: { key: 112233 } }] }],
  ])("are taken out of %s that is known only later, or of another form", async (_, stream) => {
    const { shown, secrets, mapperSecrets } = await sealed({ streams: [stream] });
    expect(JSON.stringify(shown)).not.toMatch(/00112233|112233/);
    expect(JSON.stringify(secrets)).toMatch(/112233/);
    expect(JSON.stringify(await resolved(revealed(shown, secrets)))).toMatch(/112233/);
    const parts = pulumi.Output.isInstance(mapperSecrets) ? [mapperSecrets] : Object.values(mapperSecrets as object);
    for (const part of parts) expect(await pulumi.isSecret(part as pulumi.Output<unknown>)).toBe(true);
  });

  test("a connection without any has no such input", () => {
    expect(sealMappers({ streams: ["orders", { name: "users", mappers: [HASHING] }] })).toEqual({
      streams: ["orders", { name: "users", mappers: [HASHING] }],
    });
  });

  test("a state of an earlier version, with the key in plain, is written anew, and the server is told nothing", async () => {
    const { shown, secrets } = await sealed({ streams: [{ name: "users", mappers: [AES] }] });
    const common = { name: "c", workspaceId: "w", sourceId: "s", destinationId: "d" };
    const before = { ...common, streams: [{ name: "users", mappers: [AES] }] } as unknown as ConnectionInputs;
    const now = { ...common, ...shown, mapperSecrets: secrets } as unknown as ConnectionInputs;
    const handler = new ConnectionHandler();
    expect(handler.diff(before, now)).toMatchObject({ changes: true, replaces: [] });
    expect(handler.diff(now, now)).toMatchObject({ changes: false });
    const other = { ...now, mapperSecrets: { "users.mappers[0].key": "another" } };
    expect(handler.diff(now, other)).toMatchObject({ changes: true });
  });
});

describe("a connection's mappers as the server shows them", () => {
  const MASK = "**********";
  const seen = async (actual: object[]) => {
    const { shown, secrets } = await sealed({ streams: [{ name: "users", mappers: [AES, HASHING] }] });
    const streams = streamsSeenThrough(shown.streams, [{ name: "users", mappers: actual as never }], secrets);
    return { before: shown.streams, streams };
  };
  const masked = { id: "1", ...AES, mapperConfiguration: { ...AES.mapperConfiguration, key: MASK } };

  test("masked, with ids, they are as they were applied", async () => {
    const { before, streams } = await seen([masked, { id: "2", ...HASHING }]);
    expect(streams).toEqual(before);
  });

  test("changed by somebody, the field alone differs, and nothing is undefined at any depth", async () => {
    const { before, streams } = await seen([
      masked,
      { id: "2", type: "hashing", mapperConfiguration: { targetField: "name", method: "MD5" } },
    ]);
    const expected = structuredClone(before);
    Object.assign(expected[0]?.mappers?.[1]?.mapperConfiguration as object, { method: "MD5" });
    expect(streams).toStrictEqual(expected);
  });

  test("a key that is another and isn't masked shows as that; of a mapper that nobody declared no value shows that may be a secret", async () => {
    const plain = {
      id: "1",
      ...AES,
      mapperConfiguration: { ...AES.mapperConfiguration, key: "another-key-of-theirs" },
    };
    const { streams } = await seen([
      plain,
      { id: "2", type: "encryption", mapperConfiguration: { key: "another-key-of-theirs" } },
    ]);
    expect(JSON.stringify(streams)).not.toContain("another-key-of-theirs");
    expect(JSON.stringify(streams)).toContain("[another value]");
  });

  test("the empty conditions that Airbyte adds to each condition are no difference", () => {
    const equal = { type: "EQUAL", fieldName: "name", comparisonValue: "Ann" };
    const mappers = [
      { type: "row-filtering", mapperConfiguration: { conditions: { type: "NOT", conditions: [equal] } } },
    ];
    const answer = {
      type: "NOT",
      conditions: [{ type: "EQUAL", comparisonValue: "Ann", fieldName: "name", conditions: [] }],
    };
    const actual = [{ id: "1", type: "row-filtering", mapperConfiguration: { conditions: answer } }];
    expect(streamsSeenThrough([{ name: "users", mappers }], [{ name: "users", mappers: actual }])).toStrictEqual([
      { name: "users", mappers },
    ]);
  });

  test("a setting that the server lost is left out, not undefined", () => {
    const stream = { name: "users", syncMode: "incremental_append" };
    expect(streamsSeenThrough([{ ...stream, cursorField: ["at"] }], [{ ...stream, cursorField: null }])).toStrictEqual([
      stream,
    ]);
  });
});

describe("what is blanked out of messages", () => {
  const blanked = (configuration: object, text: string) =>
    new Redactor().add(possibleSecrets(configuration)).text(text);

  test.each([
    [{ docker_username: "airbyte" }, "airbyte/source-faker of airbyte"],
    [{ docker_username: "airbyte-bot" }, "repository airbyte-bot/x"],
    [{ team: "Data Platform" }, "of Data Platform"],
    [{ password: "postgres" }, "source-postgres says"],
    [{ password: "password" }, "password authentication failed"],
    [{ password: "abc" }, "abc"],
  ])("%j is in no way rare, and stays", (configuration, text) => {
    expect(blanked(configuration, text)).toBe(text);
  });

  test.each([
    [{ password: "hunter2" }],
    [{ password: "correcthorse" }],
    [{ passphrase: "correct horse battery" }],
    [{ anything: "x9-Kq2" }],
    [{ private_key: "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----" }],
    [{ pin: 1234567 }],
  ])("%j is", (configuration) => {
    const value = String(Object.values(configuration)[0]);
    expect(blanked(configuration, `it says: ${value}`)).toBe("it says: [secret]");
  });

  test("what is known to be a secret is blanked whatever its key, where it is long and rare enough", () => {
    expect(isRare("datawarehousekey")).toBe(true);
    expect(new Redactor().add({ label: "datawarehousekey" }).text("label=datawarehousekey")).toBe("label=[secret]");
    expect(isRare("localhost")).toBe(false);
  });
});
