/**
 * Registers the stack's resources, the program's last work, and spares it stack traces from then on.
 *
 * Pulumi's SDK notes for each resource where the program registers it, and the engine writes that into the state: for what pipelines.yaml
 * declares, the same lines of this project for all, a sixth of a state that is written twice for each change. It also puts a trace into
 * words for each of its promises, a tenth of the processor time of the program. Errors keep two frames: enough to tell where they come from.
 */
export function untraced<T>(register: () => T): T {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.prepareStackTrace = () => "";
  Error.stackTraceLimit = 2;
  try {
    return register();
  } finally {
    Object.defineProperty(Error, "prepareStackTrace", before ?? { value: undefined, writable: true });
  }
}
