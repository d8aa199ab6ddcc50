import { isObject } from "../json.ts";
import type { DiscoveredStream } from "./connector.ts";
import { fields, simulatedSource } from "./simulated.ts";

// Every column of a sheet is text, and the sheet knows neither key nor cursor.
function sheet(name: string, columns: string[]): DiscoveredStream {
  return {
    name,
    jsonSchema: fields(Object.fromEntries(columns.map((column) => [column, "string"]))),
    supportedSyncModes: ["full_refresh"],
  };
}

const sheets = [
  sheet("customers", ["id", "name", "email", "country", "signed_up_on"]),
  sheet("orders", ["id", "customer_id", "product", "amount", "ordered_on"]),
  sheet("products", ["id", "name", "price"]),
];

const secret = { type: "string", airbyte_secret: true } as const;

export const googleSheets = simulatedSource({
  definitionId: "71607ba1-c0ac-4799-8049-7f4b90dd50f7",
  name: "Google Sheets",
  type: "google-sheets",
  dockerRepository: "airbyte/source-google-sheets",
  version: "0.11.0",
  connectionSpecification: {
    type: "object",
    title: "Google Sheets source",
    required: ["spreadsheet_id", "credentials"],
    additionalProperties: true,
    properties: {
      spreadsheet_id: { type: "string", title: "Spreadsheet link or id", order: 0 },
      credentials: {
        type: "object",
        title: "Authentication",
        order: 1,
        oneOf: [
          {
            title: "Google account (OAuth)",
            required: ["auth_type", "client_id", "client_secret", "refresh_token"],
            properties: {
              auth_type: { type: "string", const: "Client" },
              client_id: secret,
              client_secret: secret,
              refresh_token: secret,
            },
          },
          {
            title: "Service account key",
            required: ["auth_type", "service_account_info"],
            properties: { auth_type: { type: "string", const: "Service" }, service_account_info: secret },
          },
        ],
      },
      batch_size: { type: "integer", title: "Rows per request", default: 1_000_000, order: 2 },
      names_conversion: { type: "boolean", title: "Names that SQL can use", default: false, order: 3 },
      remove_leading_trailing_underscores: { type: "boolean", default: false, order: 4 },
      combine_number_word_pairs: { type: "boolean", default: false, order: 5 },
      remove_special_characters: { type: "boolean", default: false, order: 6 },
      combine_letter_number_pairs: { type: "boolean", default: false, order: 7 },
      allow_leading_numbers: { type: "boolean", default: false, order: 8 },
      read_empty_header_columns: { type: "boolean", default: false, order: 9 },
      stream_name_overrides: {
        type: "array",
        title: "Other names for streams",
        order: 10,
        items: {
          type: "object",
          required: ["source_stream_name", "custom_stream_name"],
          properties: { source_stream_name: { type: "string" }, custom_stream_name: { type: "string" } },
        },
      },
    },
  },
  streams: (configuration) => {
    const overrides = configuration.stream_name_overrides;
    const names = new Map(
      (Array.isArray(overrides) ? overrides : [])
        .filter(isObject)
        .map((override) => [override.source_stream_name, override.custom_stream_name]),
    );
    return sheets.map((stream) => {
      const name = names.get(stream.name);
      return typeof name === "string" ? { ...stream, name } : stream;
    });
  },
  rows: () => 25,
});
