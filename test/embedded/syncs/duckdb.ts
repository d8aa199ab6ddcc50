import { execFileSync } from "node:child_process";
import { pythonEnvironment } from "../../../embedded/connectors/python/environments.ts";

const program = `
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    rows = connection.sql(sys.argv[2]).fetchall()
print(json.dumps([[None if cell is None else str(cell) for cell in row] for row in rows]))
`;

/** The rows of a query on a DuckDB file, their cells as text. */
export async function queryDuckDb(file: string, sql: string): Promise<(string | null)[][]> {
  const { python } = await pythonEnvironment("pyairbyte", () => undefined);
  return JSON.parse(execFileSync(python, ["-c", program, file, sql], { encoding: "utf8" })) as string[][];
}
