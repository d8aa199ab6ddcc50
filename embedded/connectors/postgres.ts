import type { JsonObject } from "../json.ts";
import type { DiscoveredStream } from "./connector.ts";
import { fields, simulatedDestination, simulatedSource } from "./simulated.ts";

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
export const postgresSource = simulatedSource({
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
