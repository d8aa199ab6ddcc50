// What is synced: Faker's rows, and the databases that they go into.
import { join } from "node:path";
import { startPostgres, whyNoPostgres } from "./warehouses.ts";

/** As many as there are, whatever is asked for. */
const products = 100;

/** Faker's configuration for so many rows in its three streams together: as many users as purchases, and its products. */
export function fakerConfiguration(rows: number): { count: number; seed: number } {
  return { count: (rows - products) / 2, seed: 1 };
}

/** Whether Faker can make exactly so many rows. */
export function isPossible(rows: number): boolean {
  return Number.isInteger(rows) && rows % 2 === 0 && rows > 2 * products;
}

export const warehouseKinds = ["duckdb", "postgres"] as const;
export type WarehouseKind = (typeof warehouseKinds)[number];

/** A database for both sides, each with its own schema or file. */
export interface Warehouse {
  kind: WarehouseKind;
  /** The configuration of Airbyte's destination. */
  destination: Record<string, unknown>;
  /** The arguments of PyAirbyte's cache. */
  cache: Record<string, unknown>;
  stop: () => Promise<void>;
}

/** Throws where this machine has no such database. */
export async function openWarehouse(kind: WarehouseKind, folder: string): Promise<Warehouse> {
  if (kind === "duckdb") {
    return {
      kind,
      destination: { destination_path: "/local/embedded.duckdb" },
      cache: { db_path: join(folder, "pyairbyte.duckdb"), schema_name: "main" },
      stop: () => Promise.resolve(),
    };
  }
  if (whyNoPostgres !== undefined) throw new Error(whyNoPostgres);
  // PyAirbyte's own connection breaks on the signs that the tests have in their password.
  const postgres = await startPostgres("benchmark");
  const { host, port, database, username, password } = postgres.configuration;
  const login = { host, port, database, username, password };
  return {
    kind,
    destination: { ...login, schema: "embedded" },
    cache: { ...login, schema_name: "pyairbyte" },
    stop: postgres.stop,
  };
}
