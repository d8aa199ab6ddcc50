import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test } from "vitest";
import { readConfig } from "../../settings/config.ts";
import { targets } from "../../settings/settings.ts";
import { loadPipelines } from "../../declaration/declare.ts";
import { stackValues } from "../../settings/stack-config.ts";
import { certificate } from "../credentials/certificate.ts";
import { mistakesOf, stack } from "./stack.ts";
import { project } from "../declaration/project.ts";

afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

const existing = {
  target: "existing",
  url: "https://api.airbyte.com",
  clientId: "id",
  "secret clientSecret": "s3cret",
};

describe("settings", () => {
  test("without any, Airbyte is the embedded one and the pipelines are in pipelines.yaml", () => {
    expect(readConfig(stack({}))).toEqual({
      target: "embedded",
      pipelines: "pipelines.yaml",
      stateDir: `.airbyte/${pulumi.getStack()}`,
      production: false,
      paused: false,
      fast: false,
      embedded: {},
    });
  });

  test("an empty value is no value", () => {
    const settings = { target: "", pipelines: "", stateDir: "", workspaceId: "", url: "", embedded: "{}" };
    expect(readConfig(stack(settings))).toEqual(readConfig(stack({})));
  });

  test("of the embedded Airbyte", () => {
    const embedded = { port: 8000, keepData: true, tokenTtlSeconds: 5, faults: true, connectors: "real" };
    const id = "8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13";
    const settings = {
      embedded: JSON.stringify(embedded),
      stateDir: "/var/x",
      workspaceId: id,
      pipelines: "./eu/p.yaml",
      production: "true",
      fast: "true",
    };
    expect(readConfig(stack(settings))).toEqual({
      target: "embedded",
      pipelines: "eu/p.yaml",
      stateDir: "/var/x",
      workspaceId: id,
      production: true,
      paused: false,
      fast: true,
      embedded,
    });
  });

  test("of an existing Airbyte, without its secrets: those are the provider's alone", () => {
    const settings = readConfig(stack({ ...existing, caCertificate: certificate, embedded: "{}" }));
    expect(settings).toMatchObject({ target: "existing", url: "https://api.airbyte.com", clientId: "id" });
    if (settings.target !== "existing") throw new Error();
    expect(JSON.stringify(settings)).not.toContain("s3cret");
    expect(settings.caCertificate).toBe(certificate);
  });

  test("a bare host is an address", () => {
    expect(mistakesOf({ ...existing, url: "airbyte.example.com:8443" })).toEqual([]);
  });
});

describe("mistakes", () => {
  test("are reported all together, each with path, expectation, finding and the command that mends it", () => {
    const embedded = JSON.stringify({ prot: 1, port: "80", keepData: "yes", tokenTtlSeconds: 0 });
    expect(mistakesOf({ embedded, workspaceId: "mine", pipelines: "../p.yaml" })).toEqual([
      "pipelines: expected the path of a file inside the project's folder\n  pulumi config set pipelines pipelines.yaml",
      'workspaceId: expected a UUID; found "mine"\n  pulumi config set workspaceId 8d2f3c1a-5b7e-4c0d-9a61-2f4e6b8d0c13',
      'embedded.port: expected a port from 1 to 65535; found "80"\n  pulumi config set --path embedded.port 8000',
      'embedded.keepData: expected true or false; found "yes"\n  pulumi config set --path embedded.keepData true',
      "embedded.tokenTtlSeconds: expected a number of seconds from 1 to 86400; found 0\n  pulumi config set --path embedded.tokenTtlSeconds 180",
      'embedded.prot: unknown key; did you mean "port"?\n  pulumi config rm --path embedded.prot',
    ]);
  });

  test("make an error that names the stack, and that Pulumi prints without a stack trace", () => {
    const read = () => readConfig(stack({ target: "x", workspaceId: "y" }));
    expect(read).toThrow(`2 mistakes in the configuration of stack ${pulumi.getStack()}:\n  target: `);
    expect(read).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
  });

  test("requestTimeout is a time that a call can take, for every target", () => {
    const expected = [
      "requestTimeout: expected a time from 1s to 60m, such as 30s or 2m\n  pulumi config set requestTimeout 2m",
    ];
    for (const wrong of ["30", "0s", "2h", "soon"]) expect(mistakesOf({ requestTimeout: wrong })).toEqual(expected);
    expect(mistakesOf({ requestTimeout: "90s" })).toEqual([]);
    for (const { shape } of Object.values(targets)) expect(shape).toHaveProperty("requestTimeout");
  });

  test("production is true or false", () => {
    expect(mistakesOf({ production: "yes" })).toEqual([
      'production: expected one of true, false; found "yes"\n  pulumi config set production true',
    ]);
  });

  test("an unknown target names the nearest, and the other settings are still checked", () => {
    expect(mistakesOf({ target: "embeded", embedded: '{"prot": 1}', url: "ftp://x" })).toEqual([
      'target: expected one of embedded, existing, docker, aws, kubernetes; found "embeded"; did you mean "embedded"?\n  pulumi config set target embedded',
      'embedded.prot: unknown key; did you mean "port"?\n  pulumi config rm --path embedded.prot',
      "url: expected an address with http:// or https://\n  pulumi config set url https://airbyte.example.com",
    ]);
  });

  test("what an existing Airbyte needs is asked for by name", () => {
    expect(mistakesOf({ target: "existing" })).toEqual([
      "url: is missing; expected text\n  pulumi config set url https://airbyte.example.com",
      "clientId: is missing; expected text\n  pulumi config set clientId ID",
      "clientSecret: is missing; expected text\n  pulumi config set --secret clientSecret",
    ]);
  });

  test("a single wrong setting hides no mistake that others make together", () => {
    const elsewhere = { ...existing, url: "" };
    expect(mistakesOf({ ...elsewhere, api: "v2" })).toEqual([
      'api: expected one of public, config; found "v2"\n  pulumi config set api config',
      "url: is missing; expected text\n  pulumi config set url https://airbyte.example.com",
    ]);
    expect(mistakesOf({ ...existing, platform: "prod", tokenBody: "xml", auth: "bearer" })).toEqual([
      expect.stringMatching(/^tokenBody: expected one of json, form/),
      expect.stringMatching(/^platform: is given beside url/),
      expect.stringMatching(
        /^clientId: is no setting of auth bearer\n {2}pulumi config rm clientId, or pulumi config set auth application$/,
      ),
      expect.stringMatching(/^clientSecret: is no setting of auth bearer/),
      expect.stringMatching(/^bearerToken: is missing/),
    ]);
  });

  test("each way of signing in has its own settings", () => {
    const bare = { target: "existing", url: existing.url };
    expect(mistakesOf({ ...bare, auth: "none" })).toEqual([]);
    expect(mistakesOf({ ...bare, auth: "basic", basicUsername: "u", "secret basicPassword": "p" })).toEqual([]);
    expect(mistakesOf({ ...bare, auth: "bearer" })).toEqual([expect.stringMatching(/^bearerToken: is missing/)]);
    expect(mistakesOf({ ...existing, auth: "none" })).toEqual([
      expect.stringMatching(/^clientId: is no setting of auth none/),
      expect.stringMatching(/^clientSecret: is no setting of auth none/),
    ]);
    expect(mistakesOf({ ...bare, auth: "basic", basicUsername: "u", basicPassword: "p" })).toEqual([
      expect.stringMatching(/^basicPassword: must be a secret/),
    ]);
  });

  test("a client secret in plain text is refused, and not shown", () => {
    const { "secret clientSecret": clientSecret, ...others } = existing;
    const mistakes = mistakesOf({ ...others, clientSecret });
    expect(mistakes).toEqual([
      expect.stringMatching(/^clientSecret: must be a secret; .*\n {2}pulumi config set --secret clientSecret$/),
    ]);
    expect(mistakes.join()).not.toContain("s3cret");
  });

  test("no message shows a secret value", () => {
    const secrets = {
      "secret target": "s3cret",
      "secret workspaceId": "s3cret",
      "secret embedded": '{"port": "s3cret"}',
    };
    const mistakes = mistakesOf(secrets);
    expect(mistakes).toHaveLength(3);
    expect(mistakes.join()).not.toContain("s3cret");
    expect(mistakes.join()).toContain("found a secret");
  });

  test("a setting of another target is refused rather than ignored", () => {
    expect(mistakesOf({ url: "https://x", clientId: "y" })).toEqual([
      "url: is no setting of the target embedded\n  pulumi config rm url, or pulumi config set target existing",
      "clientId: is no setting of the target embedded\n  pulumi config rm clientId, or pulumi config set target existing",
    ]);
  });

  test("a key that differs from a setting only in spelling is refused; any other is the user's own", () => {
    expect(mistakesOf({ workspaceID: "x", "state-dir": "y", warehouseHost: "z" })).toEqual([
      'workspaceID: unknown key; did you mean "workspaceId"?\n  pulumi config rm workspaceID',
      'state-dir: unknown key; did you mean "stateDir"?\n  pulumi config rm state-dir',
    ]);
  });

  test.each([
    ["with a password", "https://me:s3cret@x", "holds a user or a password; give clientId and clientSecret instead"],
    ["with a query", "https://x?a=1", "expected an address without ? and #"],
    ["that is none", "not an address", "expected the address of an Airbyte, such as https://airbyte.example.com"],
  ])("an address %s is refused, and not shown", (_, url, expected) => {
    const mistakes = mistakesOf({ ...existing, url });
    expect(mistakes).toEqual([expect.stringContaining(`url: ${expected}\n`)]);
    expect(mistakes.join()).not.toContain("s3cret");
  });

  test.each(["x", certificate.replace("MII", "XXX"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])(
    "a certificate that is none is refused",
    (caCertificate) => {
      expect(mistakesOf({ ...existing, caCertificate })).toEqual([
        expect.stringContaining("caCertificate: expected certificates in PEM form"),
      ]);
    },
  );

  test("an absolute path outside the project, and the project itself, are no file of pipelines", () => {
    for (const pipelines of ["/etc/p.yaml", ".", "..", "a/../../p.yaml"]) {
      expect(mistakesOf({ pipelines })).toEqual([expect.stringContaining("inside the project's folder")]);
    }
  });
});

describe("the folder of the stack", () => {
  test.each([".airbyte/dev", ".airbyte/a/b", "/var/lib/airbyte"])("may be %s", (stateDir) => {
    expect(mistakesOf({ stateDir })).toEqual([]);
  });

  // `destroy` removes its folder `embedded`, and the project has one of that name.
  test.each([".", "..", "/", ".airbyte", "infra", "../elsewhere", ".airbyte/..", ".airbyte/../..", process.cwd()])(
    "may not be %s",
    (stateDir) => {
      expect(mistakesOf({ stateDir })).toEqual([
        "stateDir: expected a folder under .airbyte, or the absolute path of one outside the project\n  pulumi config set stateDir .airbyte/dev",
      ]);
    },
  );
});

describe("the stack's values in pipelines.yaml", () => {
  const load = (text: string, settings: Record<string, string>) => {
    const configuration = `sources: { a: { definitionId: dfd88b22-b603-4c3d-aad7-3701784586b1, configuration: { x: "${text}" } } }`;
    const folder = project({ "pipelines.yaml": configuration });
    return loadPipelines(folder, "pipelines.yaml", stackValues(stack(settings))).sources.a?.configuration.x;
  };

  test("a secret is an Output that is secret", async () => {
    const x = load("${secret:p}", { "secret p": "s3cret" });
    expect(pulumi.Output.isInstance(x) && (await pulumi.isSecret(x))).toBe(true);
  });

  test("a plain value is text", () => {
    expect(load("${config:host}", { host: "db" })).toBe("db");
  });

  test("a plain value is refused in a secret's place, with the command that encrypts it", () => {
    expect(() => load("${secret:p}", { p: "s3cret" })).toThrow(
      /the stack holds "p" in plain text.*pulumi config set --secret p\)/,
    );
  });

  test("a secret is refused in a plain value's place, where it would stop being one", () => {
    expect(() => load("${config:p}", { "secret p": "s3cret" })).toThrow(
      '"p" is a secret of the stack; use ${secret:p}',
    );
  });

  test("a missing one names the nearest that the stack has", () => {
    expect(() => load("${config:hots}", { host: "db" })).toThrow('no configuration value "hots"; did you mean "host"?');
  });
});
