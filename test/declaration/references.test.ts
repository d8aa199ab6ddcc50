import * as pulumi from "@pulumi/pulumi";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { faker, load, mistakesOf, values } from "./project.ts";

const withConfiguration = (text: string) => `sources: { a: { definitionId: ${faker}, configuration: { x: ${text} } } }`;
const x = (text: string, stack = values()) => load(withConfiguration(text), stack).sources.a?.configuration.x;
const mistakes = (text: string, stack = values()) =>
  mistakesOf(withConfiguration(text), stack).map((mistake) => mistake.replace(/^.*?: /, ""));

describe("references", () => {
  test("a secret alone is what the stack gives, an Output say", () => {
    const output = pulumi.secret("s3cret");
    expect(x("'${secret:password}'", values({ password: output }))).toBe(output);
  });

  test("a secret in a longer text makes the whole text a secret", async () => {
    const made = x(
      "'user:${secret:password}@${config:host}'",
      values({ password: pulumi.secret("s3cret") }, { host: "db" }),
    );
    expect(pulumi.Output.isInstance(made) && (await pulumi.isSecret(made))).toBe(true);
    const seen = await new Promise((resolve) => (made as pulumi.Output<string>).apply(resolve));
    expect(seen).toBe("user:s3cret@db");
  });

  test("${stored} stays as it is, for the provider, and only as the whole of a value", () => {
    expect(x("'${stored}'")).toBe("${stored}");
    expect(mistakes("'a${stored}'")).toEqual([expect.stringContaining("${stored} stands alone")]);
    const elsewhere = `sources: { a: { definitionId: ${faker}, name: "\${stored}" } }`;
    expect(mistakesOf(elsewhere)).toEqual([expect.stringContaining("${stored} stands alone")]);
  });

  test("a plain value stands alone, in a longer text, in lists, and at any depth", () => {
    const stack = values({}, { host: "db", zone: "eu" });
    expect(x("['${config:host}', { y: '${config:host}.${config:zone}' }]", stack)).toEqual(["db", { y: "db.eu" }]);
  });

  test("a plain value is always text; number and boolean convert it", () => {
    const stack = values({}, { port: "5432", ssl: "true" });
    expect(x("['${config:port}', '${number:port}', '${boolean:ssl}']", stack)).toEqual(["5432", 5432, true]);
    expect(x("'${number:zero}'", values({}, { zero: "-0" }))).toBe(0);
    expect(mistakes("'${number:ssl}'", stack)).toEqual([
      'the configuration value "ssl" should be a number; found "true"',
    ]);
    expect(mistakes("'${boolean:port}'", stack)).toEqual([
      'the configuration value "port" should be true or false; found "5432"',
    ]);
  });

  test("$${ is a literal ${", () => {
    expect(x("'$${secret:password} costs $5'")).toBe("${secret:password} costs $5");
  });

  test("values are not looked through for references", () => {
    expect(x("'${config:odd}'", values({}, { odd: "${secret:password}" }))).toBe("${secret:password}");
  });

  test("Airbyte's own placeholders are left alone", () => {
    expect(x("'${NAMESPACE}/${STREAM_NAME}/${YEAR}_${EPOCH}'")).toBe("${NAMESPACE}/${STREAM_NAME}/${YEAR}_${EPOCH}");
  });

  test("plain values may stand wherever text does", () => {
    const text = `sources: { a: { definitionId: "\${config:connector}", name: "Users of \${config:region}" } }`;
    const { a } = load(text, values({}, { connector: faker, region: "EU" })).sources;
    expect(a).toEqual({ definitionId: faker, name: "Users of EU", configuration: {} });
  });
});

describe("mistaken references", () => {
  test("a missing secret names the nearest one and the command that sets it", () => {
    expect(mistakes("'${secret:warehousPassword}'", values({ warehousePassword: "x" }))).toEqual([
      'the stack has no secret "warehousPassword"; did you mean "warehousePassword"? (to set it: pulumi config set --secret warehousPassword)',
    ]);
  });

  test("a missing plain value names the command that sets it", () => {
    expect(mistakes("'${config:host}'")).toEqual([
      'the stack has no configuration value "host" (to set it: pulumi config set host)',
    ]);
  });

  test("who runs this through npm is told to run pulumi through npm", () => {
    vi.stubEnv("npm_lifecycle_event", "start");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(mistakes("'${config:host}'")).toEqual([
      expect.stringContaining("(to set it: npm run pulumi -- config set host)"),
    ]);
    vi.stubEnv("PULUMI_STACK", "prod");
    expect(mistakes("'${config:host}'")).toEqual([
      expect.stringContaining("(to set it: npm run pulumi -- config set host --stack prod)"),
    ]);
  });

  test("what the stack's values say about a reference is passed on", () => {
    const stack = values();
    stack.secret = (name) => {
      throw new Error(`${name} is not encrypted`);
    };
    expect(mistakes("'${secret:password}'", stack)).toEqual(["password is not encrypted"]);
  });

  test.each([
    ["${secrets:a}", /^\$\{secrets:a\} is not known; did you mean \$\{secret:a\}\? \(known: \$\{secret:NAME\}, /],
    ["${env:HOME}", /^\$\{env:HOME\} is not known \(known: /],
    ["${PASSWORD}", /^\$\{PASSWORD\} is not known \(known: /],
    ["${secret:}", /^\$\{secret:\} needs a name/],
    ["${secret:a b}", /^\$\{secret:a b\} needs a name/],
    ["${secret:a", /^\$\{secret:a has no closing \}/],
    ["${each}", /^\$\{each\} works only in an entry with forEach/],
  ])("%s is refused with a reason", (text, reason) => {
    expect(mistakes(`'${text}'`)).toEqual([expect.stringMatching(reason)]);
  });

  test("a reference in a key is refused", () => {
    expect(mistakesOf(`sources: { a: { definitionId: ${faker}, configuration: { '\${config:x}': 1 } } }`)).toEqual([
      `pipelines.yaml:1:101 sources.a.configuration["\${config:x}"]: a key can't hold \${…}; references work in values only`,
    ]);
  });

  test("a secret is refused where Airbyte shows the value and previews compare it", () => {
    const text = `sources: { a: { definitionId: ${faker}, name: "\${secret:p}" } }`;
    expect(mistakesOf(text, values({ p: "s3cret" }))).toEqual([
      expect.stringMatching(/^pipelines.yaml:1:75 sources.a.name: a secret can't be used here/),
    ]);
  });

  test("below a key that isn't known only the key is a mistake: nobody can tell what is allowed there", () => {
    const text = `sources: { a: { definitionId: ${faker}, configuraton: { p: "\${secret:p}", q: "\${config:q}" } } }`;
    const defaults = `defaults: { sources: { configuraton: { p: "\${secret:p}" } } }`;
    for (const file of [text, defaults]) {
      expect(mistakesOf(file, values({ p: "s3cret" }))).toEqual([
        expect.stringMatching(/configuraton: unknown key; did you mean "configuration"\?$/),
      ]);
    }
  });

  test("no message holds a secret", () => {
    const text = `sources: { a: { definitionId: "\${secret:p}", secretId: "\${secret:p}", configuration: "\${secret:p}" } }`;
    expect(mistakesOf(text, values({ p: "s3cret" })).join()).not.toContain("s3cret");
  });

  test("a failed reference doesn't hide the declaration's other mistakes", () => {
    const text = "sources: { a: { definitionId: '${config:id}', nam: A, configuration: { x: '${secret:y}' } } }";
    expect(mistakesOf(text).map((mistake) => mistake.split(" ")[1])).toEqual([
      "sources.a.definitionId:",
      "sources.a.nam:",
      "sources.a.configuration.x:",
    ]);
  });
});
