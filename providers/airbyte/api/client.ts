import { refusePlainHttp } from "../../../settings/values.ts";
import { authorizing, fixedAuthorization } from "./authorize.ts";
import type { Call, ClientOptions, Fail, Send } from "./call.ts";
import { AirbyteError } from "./errors.ts";
import { isHtml, readAnswer } from "./read.ts";
import { possibleSecretsOfBody, Redactor } from "./redact.ts";
import { retrying } from "./retry.ts";
import { wireTo, type Wire } from "./send.ts";
import { WAIT } from "./waits.ts";

/** HTTP to one Airbyte: send, authorize, retry, read, one around the other; and every failure is an AirbyteError. */
export class Client {
  readonly #options: ClientOptions;
  readonly #credentials = new Redactor();
  readonly #wire: Wire;
  readonly #send: Send;

  /** @throws UserError where an address would carry credentials in plain text beyond this machine */
  constructor(options: ClientOptions) {
    refusePlainHttp([options.root, options.configRoot, options.tokenUrl], options.allowPlainHttp);
    this.#options = options;
    const { clientId, clientSecret, bearerToken, basicPassword, previous } = options;
    const all = [clientId, clientSecret, bearerToken, basicPassword, previous?.clientId, previous?.clientSecret];
    this.#credentials.add(all.filter(Boolean));

    const fail = this.#fail;
    this.#wire = wireTo(options, (call) => this.#urlOf(call), fail);
    const retry = retrying(options, { fail, serverTime: this.#wire.serverTime });
    const keep = (token: string) => void this.#credentials.add(token);
    const authorize = authorizing(options, { ask: retry(this.#wire.send), fail, keep });
    this.#send = retry(authorize(this.#wire.send));
  }

  /** Whether this server has the older config API beside the public one. */
  get hasConfigApi(): boolean {
    return this.#options.configRoot !== undefined;
  }

  /** Shows a line to the person who waits. */
  tell(line: string): void {
    this.#options.tell?.(line);
  }

  /** The server's clock in epoch milliseconds, as its last answer's Date header showed it (whole seconds). */
  serverTime(): number {
    return this.#wire.serverTime();
  }

  /** Sends a call, again where the policy in retry.ts allows it. */
  async call<T>(call: Call<T>): Promise<T> {
    return readAnswer(call, await this.#send(call), this.#fail);
  }

  /** Whether a GET that needs no token is answered with success; undefined where the server can't be reached. */
  async answers(api: "public" | "config", path: string): Promise<boolean | undefined> {
    try {
      // The proxy of old Airbytes asks for Basic authentication before anything else.
      const authorization = fixedAuthorization(this.#options);
      const call = { method: "GET", api, path, timeoutMs: WAIT.call.probeMs } as const;
      const { status, text } = await this.#wire.send(call, authorization);
      return status < 300 && !isHtml(text);
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }

  readonly #fail: Fail = (call, what) => {
    const redactor = new Redactor().add(possibleSecretsOfBody(call.body));
    const known = this.#options.secrets?.text(what.message) ?? what.message;
    return new AirbyteError({
      ...what,
      message: this.#credentials.text(redactor.text(known)),
      call: `${call.method} ${this.#urlOf(call)}`,
      doing: call.doing,
      runsConnector: call.runsConnector,
      beforeSending: call.forToken,
    });
  };

  #urlOf({ api, path, url }: Call<unknown>): string {
    const { root, configRoot } = this.#options;
    return url ?? (api === "config" ? (configRoot ?? root) : root) + path;
  }
}
