import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { signingKeyOf } from "./folders.ts";

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

/** Takes as long for any two of one length, so that nobody learns a secret by asking. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What `GET /` of an embedded Airbyte says about itself, to those who can read its data folder. */
export interface About {
  name: string;
  version: string;
  instanceId: string;
  pid: number;
  options: unknown;
  /** A version before this one proved nothing, so anybody can say this. */
  isUnproven?: true;
}

/**
 * Nobody listens, somebody else does, or it is the embedded Airbyte of the data folder. `silent`: whoever listens took the call and gave no
 * answer, as a busy server does, or one that is about to end.
 */
export type Probe = "nobody" | "stranger" | "silent" | About;

/** How long a server that is slow is waited for. */
export const patienceMs = 60_000;

/** The same as `probe`, but that one who is silent gets time, about which a line is said. */
export async function patientProbe(port: number, dataDir: string, limitMs: number): Promise<Probe> {
  const deadline = Date.now() + limitMs;
  for (let tries = 0; ; tries++) {
    const about = await probe(port, dataDir, Math.max(100, Math.min(3_000, deadline - Date.now())));
    if (about !== "silent" || Date.now() >= deadline) return about;
    if (tries === 0) console.error(`The embedded Airbyte is slow to answer on port ${port}; waiting for it`);
    await delay(100);
  }
}

/** Asks who listens. Nothing that is secret is sent. */
export async function probe(port: number, dataDir: string, timeoutMs: number): Promise<Probe> {
  const prover = Prover.of(dataDir, port);
  const about = await ask(port, prover, timeoutMs);
  // The folder's first server writes the key as it starts: whoever asked before that, and was answered after it, is a stranger to it.
  const isKeyNew = !prover && about !== "nobody" && Prover.of(dataDir, port) !== undefined;
  return isKeyNew ? probe(port, dataDir, timeoutMs) : about;
}

function ask(port: number, prover: Prover | undefined, timeoutMs: number): Promise<Probe> {
  const nonce = Prover.nonce();
  const headers = prover ? { [NONCE_HEADER]: nonce, [PROOF_HEADER]: prover.question(nonce) } : {};
  return new Promise((resolve) => {
    // No agent: a kept connection would keep the caller's process alive.
    // A limit for the whole of it: who keeps saying a little could hold a command for ever.
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { host: "127.0.0.1", port, path: "/", agent: false, signal, headers };
    const call = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text = (text + chunk).slice(0, 100_000)));
      response.on("end", () => {
        const isProven = prover?.isAnswer(nonce, text, response.headers[PROOF_HEADER]) ?? false;
        resolve(parse(text, isProven));
      });
      response.on("error", () => {
        resolve("silent");
      });
    });
    call.on("upgrade", (_, socket) => {
      socket.destroy();
      resolve("stranger");
    });
    call.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      if (code === "ECONNREFUSED") resolve("nobody");
      else resolve(["ABORT_ERR", "ECONNRESET", "EPIPE"].includes(code) ? "silent" : "stranger");
    });
    call.end();
  });
}

function parse(text: string, isProven: boolean): Probe {
  try {
    const about = JSON.parse(text) as About;
    if (typeof about.instanceId !== "string" || !Number.isInteger(about.pid) || about.pid <= 1) return "stranger";
    return isProven ? about : { ...about, isUnproven: true };
  } catch {
    return "stranger";
  }
}

/** The one sentence for a port that some other program has. */
export function portTaken(port: number): string {
  return (
    `Port ${port} on 127.0.0.1 is used by another program, so the embedded Airbyte cannot start there. ` +
    `Stop it, or choose another port: npm run pulumi -- config set --path embedded.port ${port + 1}`
  );
}

/** The one sentence for a port on which somebody listens and says nothing. */
export function portSilent(port: number, log: string): string {
  return (
    `Whoever listens on port ${port} of 127.0.0.1 gave no answer for ${patienceMs / 1000} seconds: the embedded Airbyte, if it is too busy or ` +
    `hangs (its log is ${log}), or another program. Next step: run the same command again when the machine is less busy, or end the process ` +
    `that has the port, and then run it again: the embedded Airbyte keeps its data, and is started anew.`
  );
}

/** The project's version. A running server of another version is restarted by the launcher. */
export function projectVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
