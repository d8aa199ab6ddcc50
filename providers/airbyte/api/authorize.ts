import { TokenAnswer } from "./types.ts";
import type { Call, ClientOptions, Fail, Send } from "./call.ts";
import { AirbyteError } from "./errors.ts";
import { parseJson } from "./read.ts";
import { WAIT } from "./waits.ts";

/**
 * Signs each call: with a token of an application, or as the options say.
 *
 * @param ask sends the call that gets a token
 * @param keep is told each token, which no message may show
 */
export function authorizing(
  options: ClientOptions,
  { ask, fail, keep }: { ask: Send; fail: Fail; keep(this: void, token: string): void },
): (send: Send) => Send {
  const { clientId, clientSecret } = options;
  if (clientId === undefined || clientSecret === undefined) {
    const authorization = fixedAuthorization(options);
    return (send) => (call) => send(call, authorization);
  }
  const tokens = new TokenSource(() => fetchToken(options, { ask, fail, keep }));
  return (send) => async (call) => {
    const token = await tokens.get();
    const answer = await send(call, `Bearer ${token}`);
    if (answer.status !== 401) return answer;
    // A refused token did nothing on the server, so even a POST may be sent again, once, with a fresh one.
    return send(call, `Bearer ${await tokens.replace(token)}`);
  };
}

/** What goes with each call where no application's token is fetched. */
export function fixedAuthorization({ bearerToken, basicUsername, basicPassword }: ClientOptions): string | undefined {
  if (bearerToken !== undefined) return `Bearer ${bearerToken}`;
  if (basicUsername === undefined) return undefined;
  return `Basic ${Buffer.from(`${basicUsername}:${basicPassword ?? ""}`).toString("base64")}`;
}

type Asking = Parameters<typeof authorizing>[1];

/** Of the application, or where the server refuses it, of the one before. */
async function fetchToken(options: ClientOptions, asking: Asking): Promise<FreshToken> {
  const { previous, prove } = options;
  await prove?.();
  try {
    return await fetchTokenOf(options, options, asking);
  } catch (error) {
    if (!previous || !(error instanceof AirbyteError) || error.code !== "credentials") throw error;
    return fetchTokenOf(previous, options, asking).catch(() => {
      throw error;
    });
  }
}

async function fetchTokenOf(
  { clientId, clientSecret }: Pick<ClientOptions, "clientId" | "clientSecret">,
  { tokenUrl, tokenBody }: ClientOptions,
  { ask, fail, keep }: Asking,
): Promise<FreshToken> {
  const form = tokenBody === "form";
  const grant = { [form ? "grant_type" : "grant-type"]: "client_credentials" };
  const call: Call<unknown> = {
    method: "POST",
    path: "/applications/token",
    url: tokenUrl,
    body: { client_id: clientId, client_secret: clientSecret, ...grant },
    form,
    doing: "get a token",
    forToken: true,
    repeatable: true,
  };
  const answer = await ask(call);
  const parsed = TokenAnswer.safeParse(parseJson(answer.text));
  if (!parsed.success)
    throw fail(call, { code: "notAirbyte", status: answer.status, message: "the answer holds no token" });
  keep(parsed.data.access_token);
  return { accessToken: parsed.data.access_token, expiresIn: parsed.data.expires_in };
}

/** A bearer token and how long it lives from now. */
export interface FreshToken {
  accessToken: string;
  /** Seconds, where the server says. */
  expiresIn?: number | undefined;
}

/**
 * One token for all calls of a process, in memory only: fetched when first needed, renewed shortly before its end, and
 * by one request however many callers wait.
 *
 * The server's clock never matters: age is measured on this process's monotonic clock.
 */
export class TokenSource {
  readonly #fetch: () => Promise<FreshToken>;
  readonly #now: () => number;
  #current: { value: string; renewAt: number } | undefined;
  #pending: Promise<string> | undefined;

  /** @param fetch asks the server for a token; @param now a monotonic clock in milliseconds. */
  constructor(fetch: () => Promise<FreshToken>, now: () => number = () => performance.now()) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** A token that is valid for the next call. */
  async get(): Promise<string> {
    if (this.#current && this.#now() < this.#current.renewAt) return this.#current.value;
    return this.#renew();
  }

  /** A token other than the one that the server has just refused with 401. */
  async replace(refused: string): Promise<string> {
    if (this.#current?.value === refused) this.#current = undefined;
    return this.get();
  }

  #renew(): Promise<string> {
    this.#pending ??= this.#fetchOnce().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #fetchOnce(): Promise<string> {
    const askedAt = this.#now();
    const { accessToken, expiresIn } = await this.#fetch();
    const seconds = expiresIn ?? secondsOfJwt(accessToken) ?? WAIT.token.defaultSeconds;
    const margin = Math.min(WAIT.token.renewSecondsBefore, seconds * 0.2);
    this.#current = { value: accessToken, renewAt: askedAt + (seconds - margin) * 1000 };
    return accessToken;
  }
}

// `exp - iat` and not `exp - now`: both are the server's clock.
function secondsOfJwt(token: string): number | undefined {
  const payload = token.split(".")[1];
  if (payload === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { exp?: unknown; iat?: unknown };
    return typeof claims.exp === "number" && typeof claims.iat === "number" ? claims.exp - claims.iat : undefined;
  } catch {
    return undefined;
  }
}
