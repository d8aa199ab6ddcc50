import { Agent, request, type Dispatcher } from "undici";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { isHtml, parseJson, readNetworkError, readRefusal, type Answer } from "./answers.ts";
import { contentType, encode, type Call, type ClientOptions } from "./call.ts";
import { AirbyteError, type AirbyteErrorParts } from "./errors.ts";
import { possibleSecretsOfBody } from "./harmless.ts";
import { Redactor } from "./redact.ts";
import { Pace } from "./pace.ts";
import { refusePlainHttp } from "../../../settings/plain-http.ts";
import { parseRetryAfter, pauseBeforeRetry, triesOf } from "./retry.ts";
import { TIME_LIMIT } from "./time-limit.ts";
import { TokenSource } from "./token.ts";
import { exchange } from "./traffic.ts";

const TOKEN_PATH = "/applications/token";

/** HTTP to one Airbyte: tokens, retries, own CA, time limits, and every failure as an AirbyteError. */
export class Client {
  readonly #options: ClientOptions;
  readonly #dispatcher: Dispatcher;
  readonly #tokens: TokenSource | undefined;
  readonly #credentials = new Redactor();
  readonly #pace = new Pace();
  #clockOffsetMs = 0;

  /** @throws UserError where an address would carry credentials in plain text beyond this machine */
  constructor(options: ClientOptions) {
    refusePlainHttp([options.root, options.configRoot, options.tokenUrl], options.allowPlainHttp);
    this.#options = options;
    this.#dispatcher = new Agent({
      connections: 16,
      connect: { timeout: 10_000, ...(options.caCertificate ? { ca: options.caCertificate } : {}) },
    });
    if (options.clientId !== undefined && options.clientSecret !== undefined) {
      this.#tokens = new TokenSource(() => this.#fetchToken());
    }
    const { clientId, clientSecret, bearerToken, basicPassword, previous } = options;
    const all = [clientId, clientSecret, bearerToken, basicPassword, previous?.clientId, previous?.clientSecret];
    this.#credentials.add(all.filter(Boolean));
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
    return Date.now() + this.#clockOffsetMs;
  }

  /** Sends a call, again where the policy in retry.ts allows it. */
  async call<T>(call: Call<T>): Promise<T> {
    const answer = await this.#withRetries(call, () => this.#authorized(call));
    const notAirbyte = (message: string) => this.#error(call, { code: "notAirbyte", status: answer.status, message });
    // A proxy's login page is no answer to a deletion either.
    if (isHtml(answer.text)) throw notAirbyte(readRefusal(answer.status, answer.text).message);
    if (!call.schema) return undefined as T;
    const parsed = call.schema.safeParse(parseJson(answer.text));
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw notAirbyte(`the answer is not Airbyte's: ${issues.join("; ")}`);
  }

  /** Whether a GET that needs no token is answered with success; undefined where the server can't be reached. */
  async answers(api: "public" | "config", path: string): Promise<boolean | undefined> {
    try {
      // The proxy of old Airbytes asks for Basic authentication before anything else.
      const authorization = this.#fixedAuthorization();
      const { status, text } = await this.#send({ method: "GET", api, path, timeoutMs: 10_000 }, authorization);
      return status < 300 && !isHtml(text);
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.close();
  }

  async #withRetries<T>(call: Call<T>, send: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      let retryAfterMs: number | undefined;
      const turn = await this.#pace.turn();
      try {
        const answer = await send();
        if (answer.status !== 429) this.#pace.letIn();
        if (answer.status < 300) return answer;
        retryAfterMs = parseRetryAfter(single(answer.headers["retry-after"]), this.serverTime());
        throw this.#refusal(call, answer);
      } catch (error) {
        if (!(error instanceof AirbyteError)) throw error;
        // The token call has had its own tries.
        if (error.beforeSending && call.path !== TOKEN_PATH) throw error;
        const pause = pauseBeforeRetry(call.repeatable ? "GET" : call.method, error, attempt, retryAfterMs);
        if (pause === undefined) throw error;
        // One that has waited so long wants to know why.
        if (attempt > 1 || error.limitMs !== undefined)
          this.#options.tell?.(`Airbyte: ${error.serverMessage}; trying again (${attempt + 1} of ${triesOf(error)}).`);
        if (error.status === 429) this.#pace.turnedAway(turn, pause);
        else await sleep(pause);
      }
    }
  }

  async #authorized<T>(call: Call<T>): Promise<Answer> {
    if (!this.#tokens) return this.#send(call, this.#fixedAuthorization());
    const token = await this.#tokens.get();
    const answer = await this.#send(call, `Bearer ${token}`);
    if (answer.status !== 401) return answer;
    // A refused token did nothing on the server, so even a POST may be sent again, once, with a fresh one.
    return this.#send(call, `Bearer ${await this.#tokens.replace(token)}`);
  }

  #fixedAuthorization(): string | undefined {
    const { bearerToken, basicUsername, basicPassword } = this.#options;
    if (bearerToken !== undefined) return `Bearer ${bearerToken}`;
    if (basicUsername === undefined) return undefined;
    return `Basic ${Buffer.from(`${basicUsername}:${basicPassword ?? ""}`).toString("base64")}`;
  }

  async #fetchToken() {
    const { clientId, clientSecret, previous, prove } = this.#options;
    await prove?.();
    try {
      return await this.#fetchTokenOf(clientId, clientSecret);
    } catch (error) {
      if (!previous || !(error instanceof AirbyteError) || error.code !== "credentials") throw error;
      return this.#fetchTokenOf(previous.clientId, previous.clientSecret).catch(() => {
        throw error;
      });
    }
  }

  async #fetchTokenOf(clientId?: string, clientSecret?: string) {
    const { TokenAnswer } = await import("./types.ts");
    const { tokenBody } = this.#options;
    const form = tokenBody === "form";
    const call: Call<z.infer<typeof TokenAnswer>> = {
      method: "POST",
      path: TOKEN_PATH,
      body: {
        client_id: clientId,
        client_secret: clientSecret,
        [form ? "grant_type" : "grant-type"]: "client_credentials",
      },
      form,
      doing: "get a token",
      repeatable: true,
    };
    const answer = await this.#withRetries(call, () => this.#send(call));
    const parsed = TokenAnswer.safeParse(parseJson(answer.text));
    if (!parsed.success) {
      throw this.#error(call, { code: "notAirbyte", status: answer.status, message: "the answer holds no token" });
    }
    this.#credentials.add(parsed.data.access_token);
    return { accessToken: parsed.data.access_token, expiresIn: parsed.data.expires_in };
  }

  async #send<T>(call: Call<T>, authorization?: string): Promise<Answer> {
    const { requestTimeoutMs = TIME_LIMIT.default } = this.#options;
    const limitMs = call.timeoutMs ?? Math.max(requestTimeoutMs, call.atLeastMs ?? 0);
    try {
      return await exchange(async () => {
        const response = await request(this.#url(call), {
          method: call.method,
          dispatcher: this.#dispatcher,
          // One limit for the whole call, in place of undici's own for its parts.
          headersTimeout: 0,
          bodyTimeout: 0,
          signal: AbortSignal.timeout(limitMs),
          ...(call.query ? { query: definedOnly(call.query) } : {}),
          headers: {
            accept: "application/json",
            "user-agent": "airbyte-on-pulumi",
            ...(call.body === undefined ? {} : { "content-type": contentType(call) }),
            ...(authorization === undefined ? {} : { authorization }),
            ...call.headers,
          },
          body: encode(call),
        });
        const answer = { status: response.statusCode, headers: response.headers, text: await response.body.text() };
        this.#readClock(single(answer.headers.date));
        return answer;
      });
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      const message = `no answer within ${limitMs / 1000} s`;
      throw this.#error(call, timedOut ? { code: "interrupted", message, limitMs } : readNetworkError(error));
    }
  }

  #refusal<T>(call: Call<T>, { status, headers, text }: Answer): AirbyteError {
    if (status < 400) {
      const target = single(headers.location);
      const message = `points to ${target ?? "another address"}, which is not followed`;
      return this.#error(call, { code: "redirect", status, message, target });
    }
    const isToken = call.path === TOKEN_PATH;
    // Which status a wrong client id gets depends on the server's edition (401, 400 or 500).
    const badCredentials = status === 401 || (isToken && (status === 400 || status === 403 || status === 500));
    // A 404 that isn't Airbyte's own comes from a wrong address: it must never read as "the object is deleted".
    const refusal = readRefusal(status, text);
    const noObject = status === 404 && (refusal.byFramework === true || typeof parseJson(text) !== "object");
    const foreign = status < 500 && (isHtml(text) || noObject);
    const code = badCredentials ? "credentials" : foreign ? "notAirbyte" : "refused";
    return this.#error(call, { code, status, ...refusal });
  }

  #error<T>(call: Call<T>, parts: Omit<AirbyteErrorParts, "call" | "doing">): AirbyteError {
    const redactor = new Redactor().add(possibleSecretsOfBody(call.body));
    const known = this.#options.secrets?.text(parts.message) ?? parts.message;
    const message = this.#credentials.text(redactor.text(known));
    return new AirbyteError({
      ...parts,
      message,
      call: `${call.method} ${this.#url(call)}`,
      doing: call.doing,
      beforeSending: call.path === TOKEN_PATH,
    });
  }

  #url<T>({ api, path }: Call<T>): string {
    const { root, configRoot, tokenUrl } = this.#options;
    if (path === TOKEN_PATH && tokenUrl !== undefined) return tokenUrl;
    return (api === "config" ? (configRoot ?? root) : root) + path;
  }

  #readClock(date: string | undefined): void {
    const time = date === undefined ? NaN : Date.parse(date);
    if (!Number.isNaN(time)) this.#clockOffsetMs = time - Date.now();
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function definedOnly(query: NonNullable<Call<unknown>["query"]>): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(query).filter((entry) => entry[1] !== undefined)) as Record<string, string>;
}
