import { expect, test } from "vitest";
import { adoptOptions } from "../../modules.ts";

const nothing: [] = [];
const own = { target: "existing", url: "https://a.example.com", clientId: "ours", clientSecret: "s3cret" };
const given = { AIRBYTE_CLIENT_ID: "theirs", AIRBYTE_CLIENT_SECRET: "t" };

test.each([
  [own],
  [{ ...own, auth: "bearer", bearerToken: "b" }],
  [{ target: "existing", platform: "platform", clientId: "ours", clientSecret: "s3cret" }],
])("the credentials of a stack's Airbyte never go to the one of --url: %j", (values) => {
  expect(() => adoptOptions.newSettings({ url: "https://b.example.com" }, values, nothing, "dev", given)).toThrow(
    /for another Airbyte[^]*adopt -- --url https:\/\/b\.example\.com --stack NAME/,
  );
});

test("with the stack's own address, or none yet, its credentials are used, else those of the environment", () => {
  expect(adoptOptions.newSettings({ url: own.url }, own, nothing, "dev", given)).toEqual({});
  const { clientId, clientSecret } = own;
  const place = { target: "existing", url: "https://b.example.com" };
  expect(adoptOptions.newSettings({ url: place.url }, { clientId, clientSecret }, nothing, "dev", {})).toEqual(place);
  expect(adoptOptions.newSettings({ url: place.url }, {}, nothing, "dev", given)).toEqual({
    ...place,
    clientId: "theirs",
    clientSecret: "t",
  });
});
