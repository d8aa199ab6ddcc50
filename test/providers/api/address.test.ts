import { expect, test } from "vitest";
import { publicApiRoot } from "../../../providers/airbyte/api/address.ts";

test.each([
  ["airbyte.example.com", "https://airbyte.example.com/api/public/v1"],
  ["localhost:8000", "http://localhost:8000/api/public/v1"],
  ["127.0.0.1:8000/", "http://127.0.0.1:8000/api/public/v1"],
  ["http://10.0.0.7:8000", "http://10.0.0.7:8000/api/public/v1"],
  ["https://airbyte.example.com/api/public/v1/", "https://airbyte.example.com/api/public/v1"],
  ["https://airbyte.example.com/api/v1", "https://airbyte.example.com/api/public/v1"],
  ["https://example.com/data/airbyte", "https://example.com/data/airbyte/api/public/v1"],
  ["api.airbyte.com", "https://api.airbyte.com/v1"],
  ["https://api.airbyte.com/v1/", "https://api.airbyte.com/v1"],
])("the API of %s is at %s", (address, root) => {
  expect(publicApiRoot(address)).toBe(root);
});

test.each(["", "ftp://example.com", "https://user:pass@example.com", "https://example.com/?a=1", "http://"])(
  "%j is refused as an address",
  (address) => {
    expect(() => publicApiRoot(address)).toThrow(/address|http/);
  },
);

test("a refused address with a password in it is not quoted", () => {
  expect(() => publicApiRoot("https://user:hunter22@example.com")).toThrow(/^(?!.*hunter22)/);
});
