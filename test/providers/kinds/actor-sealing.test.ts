import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { first } from "../../../providers/airbyte/first.ts";
import { STORED } from "../../../providers/airbyte/lifecycle/canonical.ts";
import { seal } from "../../../providers/airbyte/kinds/actor/sealing.ts";
import type { Specification } from "../../../providers/airbyte/specification/schema.ts";

const SPECIFICATION: Specification = {
  connector: "thing",
  schema: {
    type: "object",
    properties: {
      url: { type: "string", airbyte_secret: true },
      label: { type: "string" },
      pin: { type: "integer", airbyte_secret: true },
      auth: {
        oneOf: [
          { properties: { kind: { const: "key" }, value: { type: "string", airbyte_secret: true } } },
          { properties: { kind: { const: "name" }, value: { type: "string" } } },
        ],
      },
    },
  },
};
const none = Promise.resolve(undefined);
const known = Promise.resolve(SPECIFICATION);

/** Which leaves are secret, by name. */
async function secrets(configuration: Record<string, unknown>): Promise<Record<string, boolean>> {
  const entries = Object.entries(configuration).map(async ([key, leaf]) => {
    return [key, pulumi.Output.isInstance(leaf) && (await pulumi.isSecret(leaf))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test.each([
  [NaN, "NaN"],
  [-Infinity, "-Infinity"],
  [2n ** 60n, "a BigInt"],
  [new Date(0), "a Date"],
  [new Map([["a", 1]]), "a Map"],
  [Buffer.from("s3cret"), "a Uint8Array"],
  [() => "s3cret", "a Function"],
])("a value that JSON can't carry is one mistake, not something else in Airbyte: %s", (value, found) => {
  expect(() => seal({ list: [{ x: value }] }, none)).toThrow(
    `configuration.list[0].x: ${found} is nothing that JSON can carry. Next step: write it as`,
  );
});

describe("values written in plain", () => {
  test("without a specification every string is sealed whose key isn't known to be harmless", async () => {
    const { configuration, sealed } = seal({ host: "h", api_key: "k", count: 3, whatever: "w" }, none);
    expect(await secrets(configuration as Record<string, unknown>)).toEqual({
      host: false,
      api_key: true,
      count: false,
      whatever: true,
    });
    expect(await sealed).toEqual({ by: "keys", paths: ["configuration.api_key", "configuration.whatever"] });
  });

  test("with a specification exactly what it marks is sealed, in the branch that the configuration names", async () => {
    const value = { url: "u", label: "l", pin: 1234, auth: { kind: "key", value: "v" } };
    const { configuration, sealed } = seal(value, known);
    const { auth, ...flat } = configuration as Record<string, unknown>;
    expect(await secrets(flat)).toEqual({ url: true, label: false, pin: true });
    expect(await secrets(auth as Record<string, unknown>)).toEqual({ kind: false, value: true });
    expect((await sealed).paths).toEqual(["configuration.url", "configuration.pin", "configuration.auth.value"]);

    const open = seal({ auth: { kind: "name", value: "v" } }, known);
    expect((await open.sealed).paths).toEqual([]);
  });

  test("what a specification knows nothing of is sealed as without one", async () => {
    const { sealed } = seal({ label: "l", api_key: "k", region: "r", old: 3 }, known);
    expect(await sealed).toEqual({ by: "specification", paths: ["configuration.api_key"] });
  });

  test("values stay what they are", async () => {
    const { configuration } = seal({ url: "u", list: ["a", { b: 1 }] }, known);
    const plain = await new Promise((resolve) => pulumi.output(configuration).apply(resolve));
    expect(plain).toEqual({ url: "u", list: ["a", { b: 1 }] });
  });

  test("an Output at a secret place is sealed, and a secret stays one wherever it is", async () => {
    const { configuration } = seal({ url: pulumi.output("u"), label: pulumi.secret("l") }, known);
    expect(await secrets(configuration as Record<string, unknown>)).toEqual({ url: true, label: true });
  });

  test("an Output of a map that may hold a secret is sealed as a whole", async () => {
    const { configuration, sealed } = seal({ auth: pulumi.output({ kind: "key", value: "v" }) }, known);
    expect(await secrets(configuration as Record<string, unknown>)).toEqual({ auth: true });
    expect((await sealed).paths).toEqual(["configuration.auth"]);
  });

  test("a configuration that is one Output is sealed as a whole", async () => {
    const { configuration } = seal(pulumi.output({ host: "h" }), none);
    expect(await pulumi.isSecret(configuration as pulumi.Output<unknown>)).toBe(true);
  });

  test("what Airbyte is to keep is no secret, so that a preview shows that it is kept", async () => {
    const { configuration, sealed } = seal({ password: STORED }, none);
    expect(configuration).toEqual({ password: STORED });
    expect((await sealed).paths).toEqual([]);
  });
});

test("a value for the creation alone goes into an input of its own, as a secret", async () => {
  const given = { host: "h", list: [{ token: first("t-0ken") }] };
  const { configuration, sealed, firstValues } = seal(given, none) as ReturnType<typeof seal> & {
    firstValues: Record<string, pulumi.Output<string>>;
  };
  expect(configuration).toMatchObject({ list: [{ token: STORED }] });
  expect(Object.keys(firstValues)).toEqual(["configuration.list[0].token"]);
  expect(await pulumi.isSecret(firstValues["configuration.list[0].token"]!)).toBe(true);
  expect((await (sealed as Promise<{ paths: string[] }>)).paths).not.toContain("configuration.list[0].token");
});
