import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { NONCE_HEADER, PROOF_HEADER, Prover } from "./proof.ts";

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
