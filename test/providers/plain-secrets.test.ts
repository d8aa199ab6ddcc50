import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { STORED } from "../../providers/airbyte/lifecycle/canonical.ts";
import type { Specification } from "../../providers/airbyte/specification/schema.ts";

const marked = { type: "string", airbyte_secret: true };
const schema = { type: "object", properties: { host: { type: "string" }, password: marked, token: marked } };
const specification = Promise.resolve<Specification>({ connector: "thing", schema });

afterEach(() => void vi.restoreAllMocks());

/** What is said of these configurations of one run. */
async function said(lookup: Promise<Specification | undefined>, ...configurations: Record<string, unknown>[]) {
  vi.resetModules(); // a run of its own
  const { seal } = await import("../../providers/airbyte/kinds/actor/sealing.ts");
  const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  for (const configuration of configurations) await seal(configuration, lookup, 'source "crm"').sealed;
  return warn.mock.calls.map(([text]) => text);
}

test("a secret in plain text is told once, by its place and not by its value", async () => {
  const lines = await said(specification, { host: "h", password: "s3cret", token: "s3cret" }, { token: "s3cret" });
  expect(lines).toEqual([
    expect.stringMatching(/^source "crm": configuration.password is a secret in plain text.*-v=9/),
  ]);
  expect(lines.join()).toContain("Next step: pulumi config set --secret NAME, and ${secret:NAME}");
  expect(lines.join()).not.toContain("s3cret");
});

test.each([
  ["a secret of the stack", { password: pulumi.secret("s3cret") }],
  ["one that is known later", { password: Promise.resolve("s3cret") }],
  ["one that stays what Airbyte has", { password: STORED }],
  ["none", { host: "h", password: "" }],
])("nothing is told of %s", async (_, configuration) => {
  expect(await said(specification, configuration)).toEqual([]);
});

test("nothing is told of what is sealed only because nobody knows it", async () => {
  expect(await said(Promise.resolve(undefined), { whatever: "x" })).toEqual([]);
});
