import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test } from "vitest";
import { mistakesOf } from "./stack.ts";

afterEach(() => {
  pulumi.runtime.setAllConfig({});
});

const existing = {
  target: "existing",
  url: "https://api.airbyte.com",
  clientId: "id",
  "secret clientSecret": "s3cret",
};

test.each(["url", "tokenUrl", "apiRoot"])(
  "%s may be plain http to this machine alone, unless a setting says so",
  (key) => {
    const mistakes = (address: string, allowed = {}) => mistakesOf({ ...existing, [key]: address, ...allowed });
    const elsewhere = [
      "http://airbyte.example.com",
      "HTTP://10.0.0.7:8000/x",
      "http://127.0.0.1.example.com",
      "http://localhost.example.com",
    ];
    for (const address of elsewhere) {
      expect(mistakes(address), address).toEqual([
        expect.stringMatching(`^${key}: http:// shows credentials .* set to true\n  pulumi config set ${key} https://`),
      ]);
      expect(mistakes(address, { allowPlainHttp: "false" }), address).toHaveLength(1);
      expect(mistakes(address, { allowPlainHttp: "true" }), address).toEqual([]);
    }
    const here = [
      "http://127.0.0.1:8000",
      "http://127.8.9.1",
      "http://[::1]:8000/",
      "http://localhost",
      "http://airbyte.localhost:8000",
    ];
    for (const address of here) expect(mistakes(address), address).toEqual([]);
  },
);

test("plain http is told together with the other mistakes", () => {
  expect(mistakesOf({ ...existing, url: "http://a.example.com", api: "x", allowPlainHttp: "yes" })).toEqual([
    expect.stringMatching(/^api: /),
    expect.stringMatching(/^allowPlainHttp: expected one of true, false/),
    expect.stringMatching(/^url: http:\/\/ shows/),
  ]);
});
