import type { Availability } from "./availability.ts";
import type { CheckResult, Connector } from "./connector.ts";

type Real = Pick<Connector, "spec" | "check" | "discover" | "read">;

const account = "without an account there is nothing to read; embedded.connectors: real takes the configuration's";

/** Says of a simulated connector why it is one. */
export function simulatedBecause(simulated: Connector, why: string): Connector {
  return { ...simulated, simulatedBecause: why, check: () => Promise.resolve(simulatedCheck(why)) };
}

/** The connector's own program, and nothing else: where that can't run, every use of it fails and says why. */
export function alwaysReal(simulated: Connector, real: Real, availability: Availability): Connector {
  return {
    ...simulated,
    ...checkedFirst(real, availability),
    spec: real.spec,
    simulated: false,
    openEnded: undefined,
  };
}

/**
 * The connector's own program where it can run, else a simulated one that says why. One that needs somebody's account
 * has its real spec and its real check, and simulated streams and rows: a sample with made-up credentials goes through,
 * and no real account is read before somebody asks for it.
 */
export function realWherePossible(
  simulated: Connector,
  real: Real,
  availability: Availability,
  needsAccount: boolean,
): Connector {
  const checked = checkedFirst(real, availability);
  const why = () => availability.missing ?? (needsAccount ? account : undefined);
  return {
    ...simulated,
    get simulated() {
      return why() !== undefined;
    },
    get simulatedBecause() {
      return why();
    },
    get openEnded() {
      return why() === undefined ? undefined : simulated.openEnded;
    },
    async spec() {
      if (availability.missing !== undefined) return simulated.spec();
      try {
        return await real.spec();
      } catch (error) {
        if (availability.missing === undefined) throw error;
        return simulated.spec();
      }
    },
    async check(configuration, signal) {
      const reason = await availability.whyNot();
      return reason === undefined ? real.check(configuration, signal) : simulatedCheck(reason);
    },
    async discover(configuration, signal) {
      const isReal = !needsAccount && (await availability.whyNot()) === undefined;
      return (isReal ? real : simulated).discover(configuration, signal);
    },
    // Whoever asks for rows has looked at `simulated` before: made-up rows in place of real ones would be a lie.
    read: (...args) => (why() === undefined ? checked : simulated).read(...args),
  };
}

/** Fails with the reason where the program can't run. */
function checkedFirst(real: Real, availability: Availability): Omit<Real, "spec"> {
  return {
    async check(configuration, signal) {
      const reason = await availability.whyNot();
      if (reason !== undefined) return { status: "failed", message: reason, failureType: "system_error" };
      return real.check(configuration, signal);
    },
    async discover(configuration, signal) {
      await availability.demand();
      return real.discover(configuration, signal);
    },
    async *read(...args) {
      await availability.demand();
      yield* real.read(...args);
    },
  };
}

function simulatedCheck(why: string): CheckResult {
  return { status: "succeeded", message: `Simulated, nothing was contacted: ${why}` };
}
