import type { JsonObject } from "../json.ts";
import {
  ConnectorFailure,
  type CheckResult,
  type Connector,
  type RealDestination,
  type RealSource,
} from "./connector.ts";
import type { Programs } from "./programs.ts";
import { maskingOf } from "./secrets.ts";

/** After a failed installation the next one is tried no sooner: it may take a minute until PyPI turns out unreachable. */
const retryMs = 10 * 60_000;

/** Whether a connector's program can run on this machine. */
export class Availability {
  readonly #environment: string;
  readonly #programs: Pick<Programs, "install">;
  readonly #whyNoPython: string | undefined;
  #failure: { reason: string; at: number } | undefined;

  /** @param whyNoPython where no Python of this machine is good for it */
  constructor(environment: string, whyNoPython: string | undefined, programs: Pick<Programs, "install">) {
    this.#environment = environment;
    this.#whyNoPython = whyNoPython;
    this.#programs = programs;
  }

  /** Why it can't, as far as is known without trying; undefined where nothing speaks against it. */
  get missing(): string | undefined {
    if (this.#failure && Date.now() - this.#failure.at > retryMs) this.#failure = undefined;
    return this.#whyNoPython ?? this.#failure?.reason;
  }

  /** Installs it unless it is there; then undefined, else the reason why it can't run. */
  async whyNot(): Promise<string | undefined> {
    const known = this.missing;
    if (known !== undefined) return known;
    try {
      await this.#programs.install(this.#environment);
      return undefined;
    } catch (error) {
      const reason = (error as Error).message;
      this.#failure = { reason, at: Date.now() };
      return reason;
    }
  }

  /** Throws where it can't run. */
  async demand(): Promise<void> {
    const reason = await this.whyNot();
    if (reason !== undefined) throw new ConnectorFailure(reason);
  }
}

const account = "without an account there is nothing to read; embedded.connectors: real takes the configuration's";

/** Says of a simulated connector why it is one. */
export function simulatedBecause(simulated: Connector, why: string): Connector {
  return { ...simulated, simulatedBecause: why, check: () => Promise.resolve(simulatedCheck(why)) };
}

/** The connector's own program, and nothing else: where that can't run, every use of it fails and says why. */
export function alwaysReal(simulated: Connector, real: RealSource, availability: Availability): Connector {
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
  real: RealSource,
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
    check: checkedBy(real, availability, simulatedCheck),
    async discover(configuration, signal) {
      const isReal = !needsAccount && (await availability.whyNot()) === undefined;
      return (isReal ? real : simulated).discover(configuration, signal);
    },
    // Whoever asks for rows has looked at `simulated` before: made-up rows in place of real ones would be a lie.
    read: (...args) => (why() === undefined ? checked : simulated).read(...args),
  };
}

/** Fails with the reason where the program can't run. */
function checkedFirst(real: RealSource, availability: Availability): Omit<RealSource, "spec"> {
  return {
    check: checkedBy(real, availability, failedCheckOf),
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

/** Tested by the real connector where it can run, else `otherwise` makes a result of the reason why it can't. */
function checkedBy(
  real: Pick<Connector, "check">,
  availability: Availability,
  otherwise: (why: string) => CheckResult,
): Connector["check"] {
  return async (configuration, signal) => {
    const reason = await availability.whyNot();
    return reason === undefined ? real.check(configuration, signal) : otherwise(reason);
  };
}

function simulatedCheck(why: string): CheckResult {
  return { status: "succeeded", message: `Simulated, nothing was contacted: ${why}` };
}

function failedCheckOf(why: string): CheckResult {
  return { status: "failed", message: why, failureType: "system_error" };
}

/** Written for real, and nothing else: where that can't be, every use of it fails and says why. */
export function alwaysWritten(simulated: Connector, given: RealDestination, availability: Availability): Connector {
  const real = masked(given, simulated);
  return {
    ...simulated,
    simulated: false,
    check: checkedBy(real, availability, failedCheckOf),
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
    check: checkedBy(written, availability, simulatedCheck),
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
