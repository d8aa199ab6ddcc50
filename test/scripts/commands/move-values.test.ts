import { expect, test } from "vitest";
import { valuesOf, type StackFacts } from "../../../scripts/stack/stack-facts.ts";
import { Report } from "../../../scripts/commands/doctor/report.ts";
import { completed, missingValues, reportMissing } from "../../../scripts/commands/move/values.ts";
import { newPlaceholder } from "../../../scripts/stack/config.ts";

function stack(name: string, secrets: Record<string, string>, plain: Record<string, string> = {}): StackFacts {
  const values: StackFacts["values"] = {};
  for (const [key, value] of Object.entries(secrets)) values[`p:${key}`] = { value, secret: true };
  for (const [key, value] of Object.entries(plain)) values[`p:${key}`] = { value, secret: false };
  return { project: "p", stack: name, values, fillsSecrets: true };
}

const made = newPlaceholder();
const dev = stack(
  "dev",
  { real: "s3cret-1", madeUp: made, clientSecret: "s3cret-2", both: "s3cret-3" },
  { host: "a b" },
);
const names = { secrets: ["both", "clientSecret", "madeUp", "nowhere", "real"], values: ["host", "port"] };

test("what the other stack lacks: carried over is only what the first really has, and what opens a connector", () => {
  expect(missingValues(names, dev, stack("prod", { both: "own" }), false)).toEqual({
    carriable: ["real"],
    toSet: [
      { name: "clientSecret", why: "dev's opens its own Airbyte" },
      { name: "madeUp", why: "dev has a made-up placeholder, which opens nothing" },
      { name: "nowhere", why: "dev has none either" },
    ],
    values: [
      { name: "host", first: "a b" },
      { name: "port", first: undefined },
    ],
  });
});

test("a secret that the pipelines name as a plain value is neither shown nor taken for one", () => {
  const missing = missingValues({ secrets: [], values: ["clientSecret"] }, dev, stack("prod", {}), false);
  expect(missing.values).toEqual([{ name: "clientSecret", first: undefined }]);
  expect(() => valuesOf(dev).config("clientSecret")).toThrow("use ${secret:clientSecret}");
  expect(valuesOf(dev).config("host")).toBe("a b");
});

test("a placeholder in the other stack is a secret only where that one is a trial too", () => {
  const prod = stack("prod", { real: made });
  const of = (mayHave: boolean) => missingValues({ secrets: ["real"], values: [] }, dev, prod, mayHave).carriable;
  expect(of(false)).toEqual(["real"]);
  expect(of(true)).toEqual([]);
});

test.each([true, false])("the commands are said, and no secret is (carried over: %s)", (carry) => {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line.trim()));
  const prod = stack("prod", {});
  reportMissing(report, missingValues(names, dev, prod, false), dev, prod, carry);
  const text = lines.join("\n");
  expect(report.failures).toEqual(["secrets", "values"]);
  expect(text).toContain(
    "npm run pulumi -- config set --secret madeUp --stack prod   (dev has a made-up placeholder, which opens nothing)",
  );
  expect(lines).toContain("npm run pulumi -- config set host 'a b' --stack prod");
  expect(lines).toContain("npm run pulumi -- config set port VALUE --stack prod");
  expect(lines.includes("npm run pulumi -- config set --secret real --stack prod")).toBe(!carry);
  expect(text.includes("carried over from dev: both, real")).toBe(carry);
  expect(text.includes("--with-secrets")).toBe(!carry);
  expect(text).not.toMatch(/s3cret-\d|placeholder-[0-9a-f]/);
});

test("the other stack is examined as it will be, and complains of nothing a second time", () => {
  const prod = stack("prod", { both: "own" });
  const { values, fillsSecrets } = completed(prod, dev, missingValues(names, dev, prod, false));
  expect(values["p:both"]).toEqual({ value: "own", secret: true });
  expect(values["p:real"]).toEqual({ value: "s3cret-1", secret: true });
  expect(Object.keys(values).sort()).toEqual([...names.secrets, ...names.values].map((name) => `p:${name}`).sort());
  expect(fillsSecrets).toBe(false);
});
