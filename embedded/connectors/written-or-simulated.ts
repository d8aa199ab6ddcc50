import type { Availability } from "./availability.ts";
import type { Connector } from "./connector.ts";
import type { RealDestination } from "./destinations.ts";

/** Written for real, and nothing else: where that can't be, every use of it fails and says why. */
export function alwaysWritten(simulated: Connector, real: RealDestination, availability: Availability): Connector {
  return {
    ...simulated,
    simulated: false,
    async check(configuration, signal) {
      const reason = await availability.whyNot();
      if (reason !== undefined) return { status: "failed", message: reason, failureType: "system_error" };
      return real.check(configuration, signal);
    },
    warm() {
      void availability.whyNot().then((reason) => {
        if (reason === undefined) real.warm?.();
      });
    },
    async write(request) {
      await availability.demand();
      return real.write(request);
    },
    async rows(request) {
      await availability.demand();
      return real.rows(request);
    },
  };
}

/** Written for real where this machine can do that, else simulated, which says why. */
export function writtenWherePossible(
  simulated: Connector,
  real: RealDestination,
  availability: Availability,
): Connector {
  const written = alwaysWritten(simulated, real, availability);
  return {
    ...simulated,
    get simulated() {
      return availability.missing !== undefined;
    },
    get simulatedBecause() {
      return availability.missing;
    },
    warm: written.warm,
    get write() {
      return availability.missing === undefined ? written.write : undefined;
    },
    get rows() {
      return availability.missing === undefined ? written.rows : undefined;
    },
    async check(configuration, signal) {
      const reason = await availability.whyNot();
      if (reason === undefined) return real.check(configuration, signal);
      return { status: "succeeded", message: `Simulated, nothing was contacted: ${reason}` };
    },
  };
}
