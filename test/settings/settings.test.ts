import { describe, expect, test } from "vitest";
import { readProfiles } from "../../settings/existing.ts";
import { examples, objectKeys, readSetting, secretKeys, settings, targets } from "../../settings/settings.ts";

describe("an entry", () => {
  test("tells which values are secrets, which are maps, and who takes it", () => {
    expect([...secretKeys].sort()).toEqual(
      "basicPassword bearerToken clientSecret databasePassword rootSecret storageSecretKey tlsKey".split(" "),
    );
    expect([...objectKeys].sort()).toEqual("aws credentials docker embedded kubernetes releases tls".split(" "));
    for (const [target, { shape }] of Object.entries(targets))
      for (const [key, { in: taken }] of Object.entries(settings)) expect(key in shape).toBe(target in taken);
  });

  test("is one sentence or more about what it means", () => {
    for (const [key, { about }] of Object.entries(settings)) expect(about, key).toMatch(/^\S.*[.]$/);
  });

  test("gives the commands of messages, down to the keys of maps, and of those and lists as a whole", () => {
    expect(examples).toMatchObject({
      url: "url https://airbyte.example.com",
      clientSecret: "--secret clientSecret",
      tlsKey: "--secret tlsKey < server.key",
      caCertificate: "caCertificate < ca.pem",
      embedded: "--path embedded.keepData true",
      "embedded.port": "--path embedded.port 8000",
      aws: "--path aws.region eu-central-1",
      "aws.allowedCidrs": "--path 'aws.allowedCidrs[0]' 203.0.113.7/32",
      "aws.allowedCidrs.0": "--path 'aws.allowedCidrs[0]' 203.0.113.7/32",
      "aws.tags": "--path aws.tags.team data",
      "kubernetes.database": "--path kubernetes.database.host db.example.com",
    });
  });
});

describe("outside of the program", () => {
  test("a setting is read by the same schema, with its defaults", () => {
    expect(readSetting("existing", "requestTimeout", "2m")).toBe(120_000);
    expect(readSetting("existing", "requestTimeout", undefined)).toBeUndefined();
    expect(readSetting("aws", "credentials", '{"api": 2}')).toEqual({ api: 2, tls: 1 });
    expect(readSetting("aws", "tls", undefined)).toEqual({ mode: "ca" });
  });

  test("a mistake in it says how to mend it, and shows no value", () => {
    const wrong = () => readSetting("aws", "credentials", '{"api": "s3cret"}');
    expect(wrong).toThrow(
      "credentials.api: expected a whole number from 1 to 1000000; found something else\n  Next step: pulumi config set --path credentials.api 2",
    );
    expect(() => readSetting("aws", "tls", "{")).toThrow(/^tls: expected a map/);
  });

  test("profiles are a map of maps", () => {
    expect(readProfiles('{"eu": {"clientId": "x"}}')).toEqual({ eu: { clientId: "x" } });
    expect(readProfiles(undefined)).toEqual({});
    expect(() => readProfiles('{"eu": "s3cret"}')).toThrow(/^profiles.eu: expected a map; found (?!.*s3cret)/);
    expect(() => readProfiles("s3cret")).toThrow(/^profiles: expected a map; found (?!.*s3cret)/);
  });
});
