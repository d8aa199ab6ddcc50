import { StopError } from "./setup/stop.mjs";

/** Runs `work`. The errors of Airbyte's client, of the provider and of the pipelines' files explain themselves: no stack trace is shown. */
export async function explaining(work) {
  try {
    return await work();
  } catch (error) {
    const { ConfigurationError } = await import("../errors/configuration-error.ts");
    const { AirbyteError } = await import("../providers/airbyte/api/errors.ts");
    const { ExplainedError } = await import("../errors/explained-error.ts");
    const explains = [ConfigurationError, AirbyteError, ExplainedError].some((type) => error instanceof type);
    throw explains ? new StopError(error.message) : error;
  }
}
