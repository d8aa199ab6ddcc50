import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { signingKeyOf } from "./data-folder.ts";

/** Both sides of a probe carry their proof in this header, and the one who asks its nonce in the other. */
export const PROOF_HEADER = "x-embedded-airbyte-proof";
export const NONCE_HEADER = "x-embedded-airbyte-nonce";

/** A question is good for so long: whoever was sent it, while the server was down, can't ask it later. */
const GOOD_FOR_MS = 60_000;

/**
 * Proves that both sides of a connection can read the data folder, before anything secret is sent: a port of this machine can be taken by
 * anybody on it while the server is down. The key never leaves the folder (0600); each proof is an HMAC-SHA256 of a nonce that is used once,
 * and is good for one port: one who hands questions on to a server of the folder at another port gets answers that prove nothing.
 */
export class Prover {
  readonly #key: Buffer;

  /**
   * @param signingKey what the server signs its tokens with, of which this key is derived.
   * @param port of the server, on 127.0.0.1.
   */
  constructor(signingKey: string, port: number) {
    this.#key = createHmac("sha256", signingKey).update(`who is on port ${port}`).digest();
  }

  /** That of a data folder; undefined where no server has been yet. */
  static of(dataDir: string, port: number): Prover | undefined {
    const key = signingKeyOf(dataDir);
    return key === undefined ? undefined : new Prover(key, port);
  }

  static nonce(): string {
    return `${Date.now()}.${randomBytes(24).toString("base64url")}`;
  }

  /** What the one who asks sends. */
  question(nonce: string): string {
    return this.#sign("question", nonce, "");
  }

  isQuestion(nonce: string | undefined, proof: string | undefined): nonce is string {
    if (nonce === undefined || proof === undefined || !isSame(proof, this.question(nonce))) return false;
    return Math.abs(Date.now() - parseInt(nonce, 10)) < GOOD_FOR_MS;
  }

  /** What the server sends with its answer, so that nobody can change that either. */
  answer(nonce: string, body: string): string {
    return this.#sign("answer", nonce, body);
  }

  isAnswer(nonce: string, body: string, proof: unknown): boolean {
    return typeof proof === "string" && isSame(proof, this.answer(nonce, body));
  }

  #sign(...parts: string[]): string {
    return createHmac("sha256", this.#key).update(JSON.stringify(parts)).digest("base64url");
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
