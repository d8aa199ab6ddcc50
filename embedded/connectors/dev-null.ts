import { simulatedDestination } from "./simulated.ts";

/** Swallows everything; PyAirbyte's and Airbyte's own choice for trying out a source. */
export const devNull = simulatedDestination({
  definitionId: "a7bcc9d8-13b3-4e49-b80d-d020b90045e3",
  name: "End-to-End Testing (/dev/null)",
  type: "dev-null",
  dockerRepository: "airbyte/destination-dev-null",
  version: "0.8.0",
  connectionSpecification: {
    type: "object",
    title: "/dev/null destination",
    required: ["test_destination"],
    additionalProperties: true,
    properties: {
      test_destination: {
        type: "object",
        title: "Kind of test",
        oneOf: ["SILENT", "LOGGING", "THROTTLED", "FAILING"].map((kind) => ({
          required: ["test_destination_type"],
          properties: { test_destination_type: { type: "string", const: kind } },
        })),
      },
    },
  },
});
