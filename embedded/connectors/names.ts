import type { ConnectorKind } from "./connector.ts";

/** A connector that the API knows by name (`configuration.sourceType`), but whose spec is not described here. */
export interface NamedConnector {
  kind: ConnectorKind;
  type: string;
  name: string;
  definitionId: string;
}

/** Airbyte publishes these as Docker images only. Definition ids are the same on every Airbyte. */
export const namedConnectors: NamedConnector[] = [
  { kind: "source", type: "hubspot", name: "HubSpot", definitionId: "36c891d9-4bd9-43ac-bad2-10e12756272c" },
  { kind: "source", type: "mysql", name: "MySQL", definitionId: "435bb9a5-7887-4809-aa58-28c27df0d7ad" },
  { kind: "source", type: "s3", name: "S3", definitionId: "69589781-7828-43c5-9f63-8925b1c1ccc2" },
  { kind: "source", type: "salesforce", name: "Salesforce", definitionId: "b117307c-14b6-41aa-9422-947e34922962" },
  { kind: "destination", type: "bigquery", name: "BigQuery", definitionId: "22f6c74f-5699-40ff-833c-4a879ea40133" },
  { kind: "destination", type: "snowflake", name: "Snowflake", definitionId: "424892c4-daac-4491-b35d-c6688ba547ba" },
];
