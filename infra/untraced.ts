/**
 * Registers resources without the places in the code that register them. Pulumi's SDK takes a stack trace for each and the engine
 * writes it into the state; for what pipelines.yaml declares they all lead to the same lines of this project, and made the state, which
 * is written twice for each change, a sixth larger. Errors keep their traces: they are put into words when somebody reads them, later.
 */
export function untraced<T>(register: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => "";
  try {
    return register();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
