import type { TestContext } from "vitest";
import { pythonEnvironment } from "../../../embedded/connectors/python/environment.ts";

/** Skips a test where Airbyte's own connectors can't run: no fitting Python, no way to PyPI. Else installs what it needs. */
export async function needsConnector(context: TestContext, ...environments: string[]): Promise<void> {
  for (const name of environments) {
    await pythonEnvironment(name, () => undefined).catch((error: unknown) => {
      context.skip(`needs ${name}: ${(error as Error).message.split("\n")[0] ?? ""}`);
    });
  }
}
