import { describe, expect, test } from "vitest";
import { frequentSyncs, looksSecret, sealSecrets, timesAnHour } from "../../policy/airbyte.ts";

describe("a schedule", () => {
  test.each([
    ["0 0 6 * * ?", 1],
    ["0 30 * * * ? UTC", 1],
    ["0 * * * * ?", 60],
    ["0 0/15 * * * ?", 4],
    ["0 */20 6 * * ?", 3],
    ["0 0,30 6 * * ?", 2],
    ["0 10-12 * * * ?", 3],
    ["0 50-10/10 * * * ?", 3],
    ["0/30 0 * * * ?", 2],
    ["0 0,0 * * * ?", 1],
    ["0 5/60 * * * ?", 1],
    ["0 99 * * * ?", undefined],
    ["0 0/0 * * * ?", undefined],
    ["nonsense", undefined],
  ])("%s fires %s times an hour", (expression, times) => {
    expect(timesAnHour(expression)).toBe(times);
  });

  const connection = (cronExpression: string, props: object = {}) => ({
    type: "pulumi-nodejs:dynamic/airbyte:Connection",
    name: "orders",
    props: { schedule: { scheduleType: "cron", cronExpression }, ...props },
  });

  test("of more than one sync an hour is refused, and how to allow it is said", () => {
    expect(frequentSyncs(connection("0 0/15 * * * ?"))).toEqual([
      expect.stringMatching(/syncs 4 times an hour.*allowFrequentSyncs/),
    ]);
  });

  test("of more than one sync an hour is fine for a connection that is named, one that is paused, and other types", () => {
    expect(frequentSyncs(connection("0 0/15 * * * ?"), ["orders"])).toEqual([]);
    expect(frequentSyncs(connection("0 0/15 * * * ?"), ["users"])).toHaveLength(1);
    expect(frequentSyncs(connection("0 0/15 * * * ?", { status: "inactive" }))).toEqual([]);
    expect(frequentSyncs({ ...connection("0 0/15 * * * ?"), type: "other:index:Connection" })).toEqual([]);
  });

  test("that is hourly, by hand or missing is fine", () => {
    expect(frequentSyncs(connection("0 0 * * * ?"))).toEqual([]);
    expect(frequentSyncs({ ...connection(""), props: { schedule: { scheduleType: "manual" } } })).toEqual([]);
    expect(frequentSyncs({ ...connection(""), props: {} })).toEqual([]);
  });
});

describe("a value of a connector's configuration", () => {
  test.each([
    ["password", "x"],
    ["db_passwd", "x"],
    ["client_secret", "x"],
    ["refresh_token", "x"],
    ["apiKey", "x"],
    ["aws_access_key_id", "x"],
    ["service_account_info", "x"],
    ["notes", "-----BEGIN RSA PRIVATE KEY-----\nMII"],
    ["info", '{"type": "service_account", "private_key": "x"}'],
    ["id", "AKIAIOSFODNN7EXAMPLE"],
    ["whatever", "ghp_0123456789abcdef"],
    ["jdbc", "postgres://airbyte:pa55@db.example.com/x"],
  ])("under %s looks like a secret: %s", (key, value) => {
    expect(looksSecret(key, value)).toBe(true);
  });

  test.each([
    ["host", "db.example.com"],
    ["username", "airbyte"],
    ["token_url", "https://example.com/token"],
    ["auth_token_type", "bearer"],
    ["token_expiry_date", "2030-01-01"],
    ["primary_key", "id"],
    ["url", "https://docs.google.com/spreadsheets/d/abc"],
    ["password", ""],
    ["password", "**********"],
    ["password", "${stored}"],
  ])("under %s doesn't look like a secret: %s", (key, value) => {
    expect(looksSecret(key, value)).toBe(false);
  });
});

describe("sealing", () => {
  class Sealed {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  }
  const sealing = { isSecret: (value: unknown) => value instanceof Sealed, seal: (value: string) => new Sealed(value) };
  const type = "pulumi-nodejs:dynamic/airbyte:Source";

  test("makes secrets of what looks like one, at every depth, and of nothing else", () => {
    const configuration = {
      host: "h",
      port: 5432,
      password: "p1",
      tunnel: { tunnel_method: "SSH_KEY_AUTH", ssh_key: "k" },
      tokens: ["t1", "t2"],
    };
    const found = sealSecrets({ type, props: { name: "secret", __provider: "x", configuration } }, sealing);
    expect(found?.paths).toEqual([
      "configuration.password",
      "configuration.tunnel.ssh_key",
      "configuration.tokens[0]",
      "configuration.tokens[1]",
    ]);
    expect(found?.props).toEqual({
      name: "secret",
      __provider: "x",
      configuration: {
        host: "h",
        port: 5432,
        password: new Sealed("p1"),
        tunnel: { tunnel_method: "SSH_KEY_AUTH", ssh_key: new Sealed("k") },
        tokens: [new Sealed("t1"), new Sealed("t2")],
      },
    });
  });

  test("has nothing to do where secrets are secrets already, a single one or the whole configuration, and for other types", () => {
    const sealed = new Sealed("p");
    expect(sealSecrets({ type, props: { configuration: { host: "h", password: sealed } } }, sealing)).toBeUndefined();
    expect(sealSecrets({ type, props: { configuration: sealed } }, sealing)).toBeUndefined();
    const other = "pulumi-nodejs:dynamic/airbyte:Connection";
    expect(sealSecrets({ type: other, props: { configuration: { password: "p" } } }, sealing)).toBeUndefined();
  });
});
