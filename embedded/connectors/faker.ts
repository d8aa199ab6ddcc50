import type { DiscoveredStream } from "./connector.ts";
import { fields, simulatedSource } from "./simulated.ts";

function stream(name: string, properties: Record<string, string>): DiscoveredStream {
  return {
    name,
    jsonSchema: fields({ id: "integer", created_at: "date-time", updated_at: "date-time", ...properties }),
    supportedSyncModes: ["full_refresh", "incremental"],
    sourceDefinedCursor: true,
    defaultCursorField: ["updated_at"],
    sourceDefinedPrimaryKey: [["id"]],
  };
}

const streams = [
  stream("products", { make: "string", model: "string", year: "integer", price: "number" }),
  stream("users", { name: "string", email: "string", title: "string", age: "integer", gender: "string" }),
  stream("purchases", {
    user_id: "integer",
    product_id: "integer",
    added_to_cart_at: "date-time",
    purchased_at: "date-time",
    returned_at: "date-time",
  }),
];

/** Sample data, without an account. As with the real one there are at most 100 products, whatever the count. */
export const faker = simulatedSource({
  definitionId: "dfd88b22-b603-4c3d-aad7-3701784586b1",
  name: "Sample Data",
  type: "faker",
  dockerRepository: "airbyte/source-faker",
  version: "7.2.1",
  suggestedStreams: ["users", "products", "purchases"],
  connectionSpecification: {
    type: "object",
    title: "Sample Data source",
    additionalProperties: true,
    properties: {
      count: { type: "integer", title: "Count", minimum: 1, default: 1000, order: 0 },
      seed: { type: "integer", title: "Seed", default: -1, order: 1 },
      records_per_slice: { type: "integer", title: "Records per slice", minimum: 1, default: 1000, order: 2 },
      always_updated: { type: "boolean", title: "Always updated", default: true, order: 3 },
      parallelism: { type: "integer", title: "Parallelism", minimum: 1, default: 4, order: 4 },
    },
  },
  streams: () => streams,
  rows: ({ name }, configuration) => {
    const count = typeof configuration.count === "number" ? configuration.count : 1000;
    return name === "products" ? Math.min(count, 100) : count;
  },
});
