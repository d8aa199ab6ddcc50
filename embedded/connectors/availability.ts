import { pythonEnvironment } from "./python/environment.ts";
import { ConnectorFailure } from "./protocol/failure.ts";

/** After a failed installation the next one is tried no sooner: it may take a minute until PyPI turns out unreachable. */
const retryMs = 10 * 60_000;

/** Whether a connector's program can run on this machine. */
export class Availability {
  readonly #environment: string;
  readonly #tell: (line: string) => void;
  readonly #install: typeof pythonEnvironment;
  readonly #whyNoPython: string | undefined;
  #failure: { reason: string; at: number } | undefined;

  constructor({ environment, whyNoPython, tell, install = pythonEnvironment }: Given) {
    this.#environment = environment;
    this.#whyNoPython = whyNoPython;
    this.#tell = tell;
    this.#install = install;
  }

  /** Why it can't, as far as is known without trying; undefined where nothing speaks against it. */
  get missing(): string | undefined {
    return this.#whyNoPython ?? this.#failure?.reason;
  }

  /** Installs it unless it is there; then undefined, else the reason why it can't run. */
  async whyNot(): Promise<string | undefined> {
    if (this.#whyNoPython !== undefined) return this.#whyNoPython;
    if (this.#failure && Date.now() - this.#failure.at < retryMs) return this.#failure.reason;
    try {
      await this.#install(this.#environment, this.#tell);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = { reason: (error as Error).message, at: Date.now() };
    }
    return this.#failure?.reason;
  }

  /** Throws where it can't run. */
  async demand(): Promise<void> {
    const reason = await this.whyNot();
    if (reason !== undefined) throw new ConnectorFailure(reason);
  }
}

interface Given {
  environment: string;
  whyNoPython: string | undefined;
  tell: (line: string) => void;
  install?: typeof pythonEnvironment | undefined;
}
