import { randomUUID } from "node:crypto";

/** What this API tells beside the result of work that it waits for (check, discover, spec). Times in milliseconds. */
export function synchronousJob(configType: string, { configId, begun, failure }: Details) {
  return {
    id: randomUUID(),
    configType,
    ...(configId === undefined ? {} : { configId }),
    createdAt: begun,
    endedAt: Date.now(),
    succeeded: failure === undefined,
    connectorConfigurationUpdated: false,
    logType: "formatted",
    logs: { logLines: failure === undefined ? [] : failure.split("\n") },
    ...(failure === undefined ? {} : { failureReason: { externalMessage: failure, timestamp: Date.now() } }),
  };
}

interface Details {
  configId?: string | undefined;
  begun: number;
  failure?: string | undefined;
}
