/** An error whose message says all that a person needs: it is shown without a stack trace. */
export class ExplainedError extends Error {}

/** Makes the error of another part, whose message explains itself, one that is shown without a stack trace. */
export function explained<T>(run: () => T): T {
  const explain = (error: unknown): never => {
    throw error instanceof Error ? Object.assign(new ExplainedError(error.message), { cause: error }) : error;
  };
  try {
    const result = run();
    return result instanceof Promise ? (result.catch(explain) as T) : result;
  } catch (error) {
    return explain(error);
  }
}
