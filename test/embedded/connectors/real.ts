import { beforeEach } from "vitest";
import { pythonEnvironment } from "../../../embedded/connectors/python/environment.ts";

/** Skips the tests of a file where Airbyte's own connectors can't run: no fitting Python, no way to PyPI. */
export function needsConnectors(...environments: string[]): void {
  beforeEach(async (context) => {
    for (const name of environments) {
      await pythonEnvironment(name, () => undefined).catch((error: unknown) => {
        context.skip(`needs ${name}: ${(error as Error).message.split("\n")[0] ?? ""}`);
      });
    }
  }, 300_000);
}
