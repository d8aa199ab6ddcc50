import { ConnectorFailure } from "./protocol/failure.ts";
import type { Programs } from "./protocol/programs.ts";

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
