import type { JsonObject } from "../json.ts";
import type { Availability } from "./availability.ts";
import type { Connector } from "./connector.ts";
import type { RealDestination } from "./destinations.ts";
import { ConnectorFailure } from "./protocol/failure.ts";
import { maskingOf } from "./protocol/masking.ts";

/** Written for real, and nothing else: where that can't be, every use of it fails and says why. */
export function alwaysWritten(simulated: Connector, given: RealDestination, availability: Availability): Connector {
  const real = masked(given, simulated);
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
      if (reason === undefined) return written.check(configuration, signal);
      return { status: "succeeded", message: `Simulated, nothing was contacted: ${reason}` };
    },
  };
}

/** The same, and what it says holds no secret of the configuration: a server may quote what it was sent. */
function masked(real: RealDestination, { spec }: Pick<Connector, "spec">): RealDestination {
  const masking = async (configuration: JsonObject) => maskingOf((await spec()).connectionSpecification, configuration);
  const quietly = async <T>(configuration: JsonObject, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConnectorFailure)) throw error;
      throw new ConnectorFailure((await masking(configuration))(error.message), error.failureType);
    }
  };
  return {
    ...real,
    check: (configuration, signal) =>
      quietly(configuration, async () => {
        const result = await real.check(configuration, signal);
        if (result.message === undefined) return result;
        return { ...result, message: (await masking(configuration))(result.message) };
      }),
    rows: (request) => quietly(request.configuration, () => real.rows(request)),
  };
}
