import { createHash, randomBytes } from "node:crypto";

const linkMs = 5 * 60_000;
const sessionMs = 12 * 3_600_000;

/** The two halves of a session, as the browser keeps them: neither is good without the other. */
export interface SessionKeys {
  /** For a cookie, which no script can read. */
  cookie: string;
  /**
   * For the page's own storage. Cookies know no ports: a browser sends them to whatever else listens on this address.
   * What a page stores belongs to its port alone.
   */
  key: string;
}

/** Who may see the page: whoever came by a link, for as long as the server runs. */
export class Sessions {
  readonly #links = new Map<string, number>();
  readonly #sessions = new Map<string, { key: string; until: number }>();

  /** The code of a link that opens one session, within the given time. */
  link(): { code: string; expiresInSeconds: number } {
    forget(this.#links, (until) => until);
    const code = random();
    this.#links.set(digest(code), Date.now() + linkMs);
    return { code, expiresInSeconds: linkMs / 1000 };
  }

  /** Null for a code that was used, is too old, or was never given. */
  open(code: string): SessionKeys | null {
    forget(this.#links, (until) => until);
    if (!this.#links.delete(digest(code))) return null;
    const keys = { cookie: random(), key: random() };
    this.#sessions.set(digest(keys.cookie), { key: digest(keys.key), until: Date.now() + sessionMs });
    return keys;
  }

  admits({ cookie, key }: { [half in keyof SessionKeys]: string | undefined }): boolean {
    forget(this.#sessions, ({ until }) => until);
    if (cookie === undefined || key === undefined) return false;
    return this.#sessions.get(digest(cookie))?.key === digest(key);
  }
}

function forget<T>(from: Map<string, T>, until: (value: T) => number): void {
  for (const [name, value] of from) if (until(value) <= Date.now()) from.delete(name);
}

const random = () => randomBytes(32).toString("base64url");

// Compared as digests, how long a comparison takes says nothing about the secret.
const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
