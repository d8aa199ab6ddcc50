/** A bearer token and how long it lives from now. */
export interface FreshToken {
  accessToken: string;
  /** Seconds, where the server says. */
  expiresIn?: number | undefined;
}

// Airbyte's documentation promises no more; a server that says nothing gets the shortest life seen (Cloud: 3 minutes).
const DEFAULT_SECONDS = 180;

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
    const seconds = expiresIn ?? secondsOfJwt(accessToken) ?? DEFAULT_SECONDS;
    const margin = Math.min(30, seconds * 0.2);
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
