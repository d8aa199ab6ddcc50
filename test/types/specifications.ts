import type { Specifications } from "../../scripts/commands/types/declarations.ts";

/** Specifications of no connector that there is, with all that Airbyte's are made of. `connectors.d.ts` is made of them. */
export const specifications: Specifications = {
  source: {
    "web-shop": {
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Spec",
      type: "object",
      required: ["host", "credentials"],
      additionalProperties: true,
      properties: {
        host: { title: "Host", type: "string", description: "Where it is. */ export type Escaped = 1; /*", order: 0 },
        port: { type: "integer", default: 443, minimum: 1, maximum: 65535 },
        mode: { type: "string", enum: ["all", "changes"] },
        tables: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 },
        filters: {
          type: "array",
          items: { type: "object", required: ["field"], properties: { field: { type: "string" } } },
        },
        options: { type: "object", description: "Whatever the driver takes." },
        headers: { type: "object", additionalProperties: { type: "string" } },
        anything: {},
        pin: { type: "integer", airbyte_secret: true },
        nullable: { type: ["string", "null"] },
        address: { $ref: "#/definitions/address" },
        tree: { $ref: "#/definitions/tree" },
        elsewhere: { $ref: "https://example.com/schema.json" },
        pair: { type: "array", items: [{ type: "string" }], additionalItems: { type: "integer" } },
        labels: { type: "object", patternProperties: { "^x-": { type: "string" } } },
        code: { $ref: "#/definitions/code" },
        retries: {
          type: "object",
          properties: { policy: { type: "string", enum: ["none", "some"] } },
          if: { properties: { policy: { const: "some" } } },
          then: { required: ["most"], properties: { most: { type: "integer" } } },
          dependentSchemas: { most: { properties: { wait: { type: "number" }, most: { type: "integer" } } } },
        },
        credentials: {
          type: "object",
          title: "Spec",
          oneOf: [
            {
              title: "Key",
              required: ["key"],
              properties: {
                auth_type: { type: "string", const: "Key" },
                key: { type: "string", airbyte_secret: true },
              },
            },
            {
              title: "OAuth",
              required: ["auth_type", "client_id", "refresh_token"],
              properties: {
                auth_type: { type: "string", const: "OAuth", enum: ["OAuth"] },
                client_id: { type: "string" },
                refresh_token: { type: "string", airbyte_secret: true },
              },
            },
          ],
        },
      },
      definitions: {
        address: { title: "Address", type: "object", properties: { city: { type: "string" } } },
        code: { type: "integer", description: "Of the day.", allOf: [{ airbyte_secret: true }] },
        tree: { type: "object", properties: { left: { $ref: "#/definitions/tree" } } },
      },
    },
    // Its configuration has another shape than the destination's of the same name.
    lake: { title: "Spec", type: "object", properties: { path: { type: "string" } } },
  },
  destination: {
    lake: {
      title: "Spec",
      type: "object",
      required: ["bucket"],
      properties: { bucket: { type: "string" }, compress: { type: "boolean", default: true } },
    },
  },
};
