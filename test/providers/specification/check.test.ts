import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { JsonObject } from "../../../providers/airbyte/api/types.ts";
import { STORED, UNKNOWN } from "../../../providers/airbyte/lifecycle/handler.ts";
import { checkConfiguration } from "../../../providers/airbyte/specification/check.ts";
import { secrecyOf } from "../../../providers/airbyte/specification/schema.ts";

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
const check = (configuration: JsonObject) => checkConfiguration(configuration, postgres);

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
      return checkConfiguration(configuration, { ...own, schema: { ...own.schema, properties } }).mistakes;
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
      'configuration.tunnel.method: expected one of "NONE", "KEY"',
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
      expect(checkConfiguration({ ...GOOD, port: "5432" }, draft7).mistakes).toEqual([
        "configuration.port: expected integer, found string",
      ]);
    }
  });

  test("sourceType is no property and no mistake", () => {
    expect(check({ ...GOOD, sourceType: "postgres" })).toEqual({ mistakes: [], warnings: [] });
  });
});

describe("secrets marked by a specification", () => {
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
