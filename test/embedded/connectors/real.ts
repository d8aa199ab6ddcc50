import { pythonEnvironment } from "../../../embedded/connectors/python/environment.ts";

/** Why Airbyte's own connectors can't run here (no fitting Python, no way to PyPI), or undefined where they can. */
export const whyNoConnectors = await pythonEnvironment("source-hardcoded-records", () => undefined).then(
  () => undefined,
  (error: unknown) => (error as Error).message.split("\n")[0],
);
