import { isObject, type JsonObject } from "../json.ts";
import type { ConnectorKind } from "../state.ts";
import type { Connector, DiscoveredStream } from "./connector.ts";
import { fields, permissiveConnector, simulatedDestination, simulatedSource } from "./simulated.ts";

const secret = { type: "string", airbyte_secret: true } as const;

/** One branch of a oneOf that is told apart by the constant value of one key. */
function branch(
  key: string,
  value: string,
  properties: JsonObject = {},
  required = Object.keys(properties),
): JsonObject {
  return { required: [key, ...required], properties: { [key]: { type: "string", const: value }, ...properties } };
}

const sslMode: JsonObject = {
  type: "object",
  title: "SSL mode",
  oneOf: [
    ...["disable", "allow", "prefer", "require"].map((mode) => branch("mode", mode)),
    branch("mode", "verify-ca", { ca_certificate: secret, client_key_password: secret }, ["ca_certificate"]),
    branch(
      "mode",
      "verify-full",
      { ca_certificate: secret, client_certificate: secret, client_key: secret, client_key_password: secret },
      ["ca_certificate"],
    ),
  ],
};

const tunnel = {
  tunnel_host: { type: "string" },
  tunnel_port: { type: "integer", minimum: 0, maximum: 65536 },
} as const;

const tunnelMethod: JsonObject = {
  type: "object",
  title: "SSH tunnel",
  oneOf: [
    branch("tunnel_method", "NO_TUNNEL"),
    branch("tunnel_method", "SSH_KEY_AUTH", { ...tunnel, tunnel_user: { type: "string" }, ssh_key: secret }),
    branch("tunnel_method", "SSH_PASSWORD_AUTH", {
      ...tunnel,
      tunnel_user: { type: "string" },
      tunnel_user_password: secret,
    }),
  ],
};

const login: JsonObject = {
  host: { type: "string", title: "Host", order: 0 },
  port: { type: "integer", title: "Port", minimum: 0, maximum: 65536, default: 5432, order: 1 },
  database: { type: "string", title: "Database", order: 2 },
  username: { type: "string", title: "User", order: 4 },
  password: { ...secret, title: "Password", order: 5 },
  ssl_mode: { ...sslMode, order: 7 },
  jdbc_url_params: { type: "string", title: "JDBC parameters", order: 8 },
  tunnel_method: { ...tunnelMethod, order: 9 },
};

export const postgresDestination = simulatedDestination({
  definitionId: "25c5221d-dce2-4163-ade9-739ef790f503",
  name: "Postgres",
  type: "postgres",
  dockerRepository: "airbyte/destination-postgres",
  version: "3.0.0",
  connectionSpecification: {
    type: "object",
    title: "Postgres destination",
    required: ["host", "port", "username", "database", "schema"],
    additionalProperties: true,
    properties: {
      ...login,
      schema: { type: "string", title: "Default schema", default: "public", order: 3 },
      ssl: { type: "boolean", default: false, order: 6 },
      raw_data_schema: { type: "string", order: 10 },
      disable_type_dedupe: { type: "boolean", default: false, order: 11 },
      drop_cascade: { type: "boolean", default: false, order: 12 },
      unconstrained_number: { type: "boolean", default: false, order: 13 },
    },
  },
});

function table(namespace: string, name: string, columns: Record<string, string>): DiscoveredStream {
  return {
    name,
    namespace,
    jsonSchema: fields({ id: "integer", ...columns, updated_at: "date-time" }),
    supportedSyncModes: ["full_refresh", "incremental"],
    sourceDefinedPrimaryKey: [["id"]],
  };
}

/** Discovers the same two tables in each configured schema, so streams can share a name. */
const postgresSource = simulatedSource({
  definitionId: "decd338e-5647-4c0b-adf4-da0e75f5a750",
  name: "Postgres",
  type: "postgres",
  dockerRepository: "airbyte/source-postgres",
  version: "3.7.0",
  connectionSpecification: {
    type: "object",
    title: "Postgres source",
    required: ["host", "port", "database", "username"],
    additionalProperties: true,
    properties: {
      ...login,
      schemas: { type: "array", items: { type: "string" }, uniqueItems: true, default: ["public"], order: 3 },
      replication_method: {
        type: "object",
        title: "Update method",
        order: 10,
        oneOf: [
          branch("method", "CDC", { replication_slot: { type: "string" }, publication: { type: "string" } }),
          branch("method", "Xmin"),
          branch("method", "Standard"),
        ],
      },
    },
  },
  streams: (configuration) => {
    const schemas = (configuration.schemas ?? ["public"]) as string[];
    return schemas.flatMap((schema) => [
      table(schema, "users", { name: "string", email: "string" }),
      table(schema, "orders", { user_id: "integer", amount: "number" }),
    ]);
  },
  rows: () => 100,
});

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

const googleSheets = simulatedSource({
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
const faker = simulatedSource({
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

/** A database in one file, or MotherDuck. */
const duckDb = simulatedDestination({
  definitionId: "94bd199c-2ff0-4aa2-b98e-17f0acb72610",
  name: "DuckDB",
  type: "duckdb",
  dockerRepository: "airbyte/destination-duckdb",
  version: "0.1.0",
  connectionSpecification: {
    type: "object",
    title: "DuckDB destination",
    required: ["destination_path"],
    additionalProperties: true,
    properties: {
      motherduck_api_key: { type: "string", title: "MotherDuck access token", airbyte_secret: true, order: 0 },
      destination_path: {
        type: "string",
        title: "File of the database",
        description: "A path of this machine, or md:NAME for MotherDuck",
        order: 1,
      },
      schema: { type: "string", title: "Schema", default: "main", order: 2 },
    },
  },
});

/** JSON lines: one file per stream. */
export const localJson = simulatedDestination({
  definitionId: "a625d593-bba5-4a1c-a53d-2d246268a816",
  name: "Local JSON",
  type: "local-json",
  dockerRepository: "airbyte/destination-local-json",
  version: "0.2.11",
  supportedDestinationSyncModes: ["overwrite", "append"],
  connectionSpecification: {
    type: "object",
    title: "Local JSON destination",
    required: ["destination_path"],
    additionalProperties: true,
    properties: { destination_path: { type: "string", title: "Folder of the files" } },
  },
});

/** Swallows everything; PyAirbyte's and Airbyte's own choice for trying out a source. */
const devNull = simulatedDestination({
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

// A connector that the API knows by name (`configuration.sourceType`), but whose spec is not described here.
function named(kind: ConnectorKind, type: string, name: string, definitionId: string): Connector {
  const dockerRepository = `airbyte/${kind}-${type}`;
  return permissiveConnector({ kind, type, name, definitionId, dockerRepository, version: "latest" });
}

/** Airbyte publishes these as Docker images only. Definition ids are the same on every Airbyte. */
export const onlyImages: Connector[] = [
  postgresSource,
  devNull,
  named("source", "hubspot", "HubSpot", "36c891d9-4bd9-43ac-bad2-10e12756272c"),
  named("source", "mysql", "MySQL", "435bb9a5-7887-4809-aa58-28c27df0d7ad"),
  named("source", "s3", "S3", "69589781-7828-43c5-9f63-8925b1c1ccc2"),
  named("source", "salesforce", "Salesforce", "b117307c-14b6-41aa-9422-947e34922962"),
  named("destination", "bigquery", "BigQuery", "22f6c74f-5699-40ff-833c-4a879ea40133"),
  named("destination", "snowflake", "Snowflake", "424892c4-daac-4491-b35d-c6688ba547ba"),
];

/** Stand-ins for destinations that can be written for real. */
export const writable: Connector[] = [postgresDestination, duckDb, localJson];

/** Stand-ins for published sources; the others take any configuration and any stream. */
export const standIns: Connector[] = [faker, googleSheets];
