import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { issueInWords } from "../../../errors/zod-issues.ts";
import type { JsonObject } from "../../../providers/airbyte/api/types.ts";
import { STORED, UNKNOWN } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { checkConfiguration } from "../../../providers/airbyte/specification/check.ts";
import { secrecyOf, type Specification } from "../../../providers/airbyte/specification/schema.ts";

const postgres = {
  connector: "postgres",
  schema: {
    type: "object",
    required: ["host", "port", "username"],
    additionalProperties: true,
    properties: {
      host: { type: "string" },
      port: { type: "integer", minimum: 0, maximum: 65536 },
      username: { type: "string" },
      password: { type: "string", airbyte_secret: true },
      start_date: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d$", examples: ["2024-01-31"] },
      tunnel: {
        type: "object",
        oneOf: [
          { required: ["method"], properties: { method: { type: "string", const: "NONE" } } },
          {
            required: ["method", "key"],
            properties: { method: { type: "string", const: "KEY" }, key: { type: "string", airbyte_secret: true } },
          },
        ],
      },
      tokens: {
        type: "array",
        items: { type: "object", properties: { token: { type: "string", airbyte_secret: true } } },
      },
    },
  } as JsonObject,
};
const GOOD = { host: "h", port: 1, username: "u" };
/** The mistakes as a program's resource has them. */
function inWords(configuration: JsonObject, specification: Specification) {
  const { mistakes, warnings } = checkConfiguration(configuration, specification);
  return { mistakes: mistakes.map(issueInWords), warnings };
}
const check = (configuration: JsonObject) => inWords(configuration, postgres);

describe("a configuration against its connector's specification", () => {
  test("is checked by a validator that is compiled once for all that choose the same branches", () => {
    const compile = vi.spyOn(Ajv2020.prototype, "compile");
    onTestFinished(() => {
      compile.mockRestore();
    });
    const own = structuredClone(postgres);
    const wrongPort = "configuration.port: expected integer, found string";
    const properties = { ...(own.schema.properties as JsonObject), compiledOnce: { type: "string" } };
    const check = (configuration: JsonObject) => {
      return inWords(configuration, { ...own, schema: { ...own.schema, properties } }).mistakes;
    };
    expect(check({ ...GOOD, port: "5432" })).toEqual([wrongPort]);
    expect(check(GOOD)).toEqual([]);
    expect(check({ ...GOOD, host: 1 })).toEqual(["configuration.host: expected string, found number"]);
    expect(compile).toHaveBeenCalledTimes(1);

    const tunnel = check({ ...GOOD, tunnel: { method: "KEY" } });
    expect(tunnel).toEqual(["configuration.tunnel.key: postgres requires it"]);
    expect(compile).toHaveBeenCalledTimes(2);
  });

  test("a right one gives nothing", () => {
    expect(check({ ...GOOD, tunnel: { method: "KEY", key: "k" } })).toEqual({ mistakes: [], warnings: [] });
  });

  test("a misspelled key names the nearest valid one, and its absence isn't told as well", () => {
    expect(check({ port: 1, username: "u", hots: "h" }).mistakes).toEqual([
      "configuration.hots: `hots` is not a property of postgres; did you mean `host`?",
    ]);
  });

  test("a key that resembles none is only warned of: Airbyte ignores it", () => {
    expect(check({ ...GOOD, completely_else: 1 })).toEqual({
      mistakes: [],
      warnings: ["configuration.completely_else: `completely_else` is not a property of postgres; Airbyte ignores it"],
    });
  });

  test("an excerpt of a specification, as of a connector that is only played, warns of no key: the real one may know it", () => {
    const excerpt = { ...postgres, schema: { ...postgres.schema, simulated: true } };
    const cdc = { plugin: "pgoutput", initial_waiting_seconds: 1200, queue_size: 10_000, heartbeat_action_query: "" };
    expect(inWords({ ...GOOD, ...cdc, hots: "h" }, excerpt)).toEqual({
      mistakes: [],
      warnings: [],
    });
    expect(inWords({ port: 1, username: "u", hots: "h" }, excerpt).mistakes).toHaveLength(1);
  });

  test("all mistakes come at once, each with its place and never with its value", () => {
    const { mistakes } = check({
      host: 5,
      port: "hunter2",
      start_date: "hunter2",
      tunnel: { method: "KEY", kye: "hunter2" },
    });
    expect(mistakes).toEqual([
      "configuration.tunnel.kye: `kye` is not a property of tunnel of postgres; did you mean `key`?",
      "configuration.username: postgres requires it",
      "configuration.host: expected string, found number",
      "configuration.port: expected integer, found string",
      "configuration.start_date: has another form than ^\\d{4}-\\d\\d-\\d\\d$, such as 2024-01-31",
    ]);
  });

  test("a oneOf is checked by the branch that the configuration names, and without one by its choice", () => {
    expect(check({ ...GOOD, tunnel: { method: "KEY" } }).mistakes).toEqual([
      "configuration.tunnel.key: postgres requires it",
    ]);
    expect(check({ ...GOOD, tunnel: { method: "SSH" } }).mistakes).toEqual([
      'configuration.tunnel.method: expected one of "NONE", "KEY"; found "SSH"',
    ]);
  });

  test("what is not known yet, and what the server keeps, passes", () => {
    expect(check({ host: UNKNOWN, port: UNKNOWN, username: "u", password: STORED, tunnel: UNKNOWN }).mistakes).toEqual(
      [],
    );
    expect(check({ ...GOOD, tunnel: { method: UNKNOWN } }).mistakes).toEqual([]);
  });

  test("a specification of draft 7 is one like any other", () => {
    const header = { $schema: "http://json-schema.org/draft-07/schema#", $id: "https://example.com/spec.json" };
    const draft7 = { ...postgres, schema: { ...postgres.schema, ...header } };
    for (let time = 0; time < 2; time++) {
      expect(inWords({ ...GOOD, port: "5432" }, draft7).mistakes).toEqual([
        "configuration.port: expected integer, found string",
      ]);
    }
  });

  describe("wherever a specification says it", () => {
    const method = (name: string, more: JsonObject = {}) => ({ properties: { method: { const: name }, ...more } });
    const schema: JsonObject = {
      allOf: [{ properties: { host: { type: "string" } } }, { $ref: "#/definitions/tunnelled" }],
      properties: { hosts: { type: "array" } },
      patternProperties: { "^x_": { type: "integer" } },
      then: { properties: { later: { type: "string" } } },
      definitions: {
        tunnelled: { properties: { tunnel: { oneOf: [method("NONE"), { $ref: "#/definitions/key" }] } } },
        key: { required: ["key"], ...method("KEY", { key: { type: "string" } }) },
      },
    };
    const told = (configuration: JsonObject, more: JsonObject = {}) =>
      inWords(configuration, { connector: "thing", schema: { ...schema, ...more } });

    test("a key is known", () => {
      const configuration = { host: "h", x_1: 1, later: "l", tunnel: { method: "KEY", key: "k" } };
      expect(told(configuration)).toEqual({ mistakes: [], warnings: [] });
    });

    test("a oneOf is checked by the branch that the configuration names", () => {
      expect(told({ tunnel: { method: "KEY" } }).mistakes).toEqual(["configuration.tunnel.key: thing requires it"]);
      expect(told({ tunnel: { method: "SSH" } }).mistakes).toEqual([
        'configuration.tunnel.method: expected one of "NONE", "KEY"; found "SSH"',
      ]);
      expect(told({ tunnel: { method: UNKNOWN } }).mistakes).toEqual([]);
    });

    test("references in circles, or to more and more of the same, end", () => {
      const twice = (name: string) => ({
        allOf: [{ $ref: `#/definitions/${name}` }, { $ref: `#/definitions/${name}` }],
      });
      const more = Array.from({ length: 20 }, (_, index) => [`n${index}`, twice(`n${index + 1}`)] as const);
      const definitions = { ...Object.fromEntries(more), n20: { properties: { host: {} } }, self: twice("self") };
      const circles = { allOf: [{ $ref: "#/definitions/self" }, { $ref: "#/definitions/n0" }], definitions };
      expect(told({ hots: "h" }, circles).mistakes).toHaveLength(1);
    });

    test("what nobody can read is left to Airbyte, and the rest is told", () => {
      const lost = told({ hots: "h" }, { not: { $ref: "#/definitions/lost" } });
      expect(lost.mistakes).toEqual(["configuration.hots: `hots` is not a property of thing; did you mean `hosts`?"]);
    });
  });

  test("a constant that is no text is told as it is written", () => {
    const schema = { properties: { a: { const: { b: 1 } }, c: { enum: [1, [2]] } } };
    const { mistakes } = inWords({ a: 0, c: 0 }, { connector: "thing", schema });
    expect(mistakes).toEqual([
      'configuration.a: expected {"b":1}; found 0',
      "configuration.c: expected one of 1, [2]; found 0",
    ]);
  });

  describe("what was found", () => {
    const properties: JsonObject = {
      format: { type: "string", enum: ["csv", "jsonl", "parquet"] },
      mode: { type: "string", enum: ["strict", "lax"] },
      tier: { type: "string", enum: ["gold", "silver"] },
      region: { const: "eu" },
      initial_waiting_seconds: {
        type: "integer",
        title: "Initial Waiting Time in Seconds",
        minimum: 120,
        maximum: 2400,
      },
      count: { type: "integer", title: "Count", minimum: 1 },
      share: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
      pin: { type: "integer", minimum: 1, airbyte_secret: true },
      key_type: { type: "string", enum: ["rsa", "aes"], airbyte_secret: true },
    };
    const told = (configuration: JsonObject) =>
      inWords(configuration, { connector: "thing", schema: { properties } }).mistakes;

    test("is told, with the choice that is near it", () => {
      expect(told({ format: "cvs" })).toEqual([
        'configuration.format: expected one of csv, jsonl, parquet; found "cvs"; did you mean "csv"?',
      ]);
      expect(told({ format: "CSV" })[0]).toMatch(/found "CSV"; did you mean "csv"\?$/);
      expect(told({ mode: "orc" })).toEqual(['configuration.mode: expected one of strict, lax; found "orc"']);
      expect(told({ region: "us" })).toEqual(['configuration.region: expected eu; found "us"']);
    });

    test("of a number, with the least or the most, and what is counted", () => {
      expect(told({ initial_waiting_seconds: 0, count: 0, share: 1 })).toEqual([
        "configuration.initial_waiting_seconds: expected at least 120 (Initial Waiting Time in Seconds); found 0",
        "configuration.count: expected at least 1; found 0",
        "configuration.share: expected less than 1; found 1",
      ]);
      expect(told({ initial_waiting_seconds: 9000 })[0]).toMatch(/: expected at most 2400 \(.*\); found 9000$/);
    });

    test("is told nowhere where it may be a secret", () => {
      expect(told({ pin: 0, key_type: "hunter2" })).toEqual([
        "configuration.pin: expected at least 1",
        "configuration.key_type: expected one of rsa, aes",
      ]);
      expect(told({ tier: "hunter2-of-mine" })).toEqual(["configuration.tier: expected one of gold, silver"]);
    });
  });

  test("sourceType is no property and no mistake", () => {
    expect(check({ ...GOOD, sourceType: "postgres" })).toEqual({ mistakes: [], warnings: [] });
  });
});

describe("secrets marked by a specification", () => {
  test("what an earlier choice has left is one by the branch that marks it", () => {
    const left = { tunnel: { method: "NONE", key: "k", other: "o" } };
    expect(secrecyOf(postgres.schema, left, ["tunnel", "key"])).toBe("secret");
    expect(secrecyOf(postgres.schema, left, ["tunnel", "other"])).toBe("unknown");
  });

  test("a map that may hold one isn't plain", () => {
    expect(secrecyOf(postgres.schema, { tunnel: null }, ["tunnel"])).toBe("holder");
  });

  test("a key that isn't listed is unknown whatever is said of such keys, unless they are secrets", () => {
    const open = { properties: { headers: { additionalProperties: { type: "string" } } } };
    expect(secrecyOf(open, {}, ["headers", "X-Api-Key"])).toBe("unknown");
  });

  const value = { password: "p", tunnel: { method: "KEY", key: "k" }, tokens: [{ token: "t" }] };
  test.each([
    [["password"], "secret"],
    [["host"], "plain"],
    [["tunnel", "key"], "secret"],
    [["tunnel", "method"], "plain"],
    [["tokens", 0, "token"], "secret"],
    [["unknown"], "unknown"],
    [["unknown", "place"], "unknown"],
  ] as const)("%j: %s", (path, secrecy) => {
    expect(secrecyOf(postgres.schema, value, path)).toBe(secrecy);
  });
});
