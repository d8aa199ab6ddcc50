import type { Json, JsonObject } from "../json.ts";
import type { Connector, ConnectorKind, DiscoveredStream } from "./connector.ts";
import { simulatedDestination, simulatedSource } from "./simulated.ts";

const secretKeys = [
  "password",
  "secret",
  "token",
  "api_key",
  "api_token",
  "api_secret",
  "access_token",
  "refresh_token",
  "client_secret",
  "secret_key",
  "secret_access_key",
  "private_key",
  "service_account_info",
  "credentials_json",
];
const secrets = Object.fromEntries(secretKeys.map((key): [string, Json] => [key, { airbyte_secret: true }]));

/**
 * For a connector whose spec is not known here: every configuration is valid, and what the usual names say is secret
 * is masked. (Airbyte itself returns a configuration unmasked when the spec has no `properties`.)
 */
export const permissiveSpecification: JsonObject = {
  type: "object",
  additionalProperties: true,
  properties: { ...secrets, credentials: { properties: secrets }, authentication: { properties: secrets } },
};

interface Unknown {
  definitionId: string;
  name: string;
  type: string;
  kind: ConnectorKind;
  dockerRepository: string;
  version: string;
  documentationUrl?: string;
  connectionSpecification?: JsonObject;
  streams?: DiscoveredStream[];
}

/** Plays a connector that this project knows nothing about, or only the name of. */
export function permissiveConnector({ kind, streams, ...given }: Unknown): Connector {
  const connector = { connectionSpecification: permissiveSpecification, ...given };
  if (kind === "destination") return simulatedDestination(connector);
  const found = streams ?? [openStream("records")];
  return simulatedSource({ ...connector, openEnded: !streams, streams: () => found, rows: () => 10 });
}

/** A stream of which only the name is known: any field, any sync mode, with or without a cursor and a key. */
export function openStream(name: string, namespace?: string): DiscoveredStream {
  return {
    name,
    ...(namespace ? { namespace } : {}),
    jsonSchema: { type: "object", additionalProperties: true, properties: {} },
    supportedSyncModes: ["full_refresh", "incremental"],
    open: true,
  };
}
