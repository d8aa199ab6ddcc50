import { randomUUID } from "node:crypto";
import type { FailureType } from "../../state.ts";
import { ConnectorFailure } from "../../connectors/connector.ts";

/** What this API tells beside the result of work that it waits for (check, discover, spec). Times in milliseconds. */
export function synchronousJob(configType: string, { configId, begun, failure, note }: Details) {
  const text = failure?.message ?? note;
  return {
    id: randomUUID(),
    configType,
    ...(configId === undefined ? {} : { configId }),
    createdAt: begun,
    endedAt: Date.now(),
    succeeded: failure === undefined,
    connectorConfigurationUpdated: false,
    logType: "formatted",
    logs: { logLines: text === undefined ? [] : text.split("\n") },
    ...(failure === undefined ? {} : { failureReason: reasonOf(failure) }),
  };
}

interface Details {
  configId?: string | undefined;
  begun: number;
  failure?: Failure | undefined;
  /** For the log of what went well: that the connector is simulated, and why. */
  note?: string | undefined;
}

interface Failure {
  message: string;
  failureType?: FailureType | undefined;
  cause?: unknown;
}

function reasonOf({ message, failureType, cause }: Failure) {
  const { failureType: type, internalMessage } = cause instanceof ConnectorFailure ? cause : { failureType };
  return {
    ...(type === undefined ? {} : { failureType: type }),
    externalMessage: message,
    ...(internalMessage === undefined ? {} : { internalMessage }),
    timestamp: Date.now(),
  };
}
