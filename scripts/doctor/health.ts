import { z } from "zod";
import type { Client } from "../../providers/airbyte/api/client.ts";
import { AirbyteError } from "../../providers/airbyte/api/errors.ts";
import {
  explainInterrupted,
  explainRedirect,
  explainStranger,
  explainTls,
  explainUnreachable,
  type Address,
  type Explanation,
} from "./explain.ts";
import type { Report } from "./report.ts";

type Step = "reach" | "TLS" | "health";

/** What one anonymous call tells: whether the server is there, whom it says it is, and how it is. Returns the step that failed. */
export async function checkHealth(report: Report, client: Client, address: Address): Promise<Step | undefined> {
  const { protocol, host, hostname } = new URL(address.root);
  const waiting = setTimeout(() => console.error(`  … no answer from ${host} yet; this can take a minute`), 3_000);
  const answer = await askHealth(client).finally(() => clearTimeout(waiting));
  const failed = (step: Step, { found, next }: Explanation) => {
    report.fail(step, found, `Next step: ${next}`);
    return step;
  };

  if (answer?.trouble === "unreachable") return failed("reach", explainUnreachable(answer, address));
  if (answer?.trouble === "interrupted") return failed("reach", explainInterrupted(answer, address));
  report.ok("reach", host);

  if (answer?.trouble === "tls") return failed("TLS", explainTls(answer, address));
  if (protocol === "https:") report.ok("TLS", `the certificate is good${address.ownCa ? ", by caCertificate" : ""}`);
  else if (isLoopback(hostname)) report.ok("TLS", "none, and none is needed on this machine");
  else report.info("TLS", "none: client secret and token go over the network unencrypted; use https");

  if (answer === undefined) report.ok("health", "Airbyte says that it is well");
  // An old server has the config API alone, and answers there.
  else if (await client.answers("config", "/health"))
    report.ok("health", "Airbyte says that it is well, by its config API");
  else return failed("health", explainHealth(answer, address));
  return undefined;
}

/**
 * `GET /health` answers in plain text (`Successful operation`), without a token. The client keeps texts for itself, but tells a page from
 * them where it is asked for a shape that no answer has; undefined for what is no page.
 */
async function askHealth(client: Client): Promise<AirbyteError | undefined> {
  try {
    await client.call({ method: "GET", path: "/health", schema: z.never(), timeoutMs: 10_000 });
    return undefined;
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    const isText =
      error.trouble === "nonsense" && (error.status ?? 0) < 300 && !error.serverMessage.includes("HTML page");
    return isText ? undefined : error;
  }
}

function explainHealth(error: AirbyteError, address: Address): Explanation {
  const { status = 0, trouble, serverMessage } = error;
  if (trouble === "redirect") return explainRedirect(error, address);
  if (status === 401 || status === 403) {
    return {
      found: `a login is asked for before Airbyte is reached (${status}: ${serverMessage}); Airbyte itself asks for none here`,
      next: "let the API (/api) pass the proxy or gateway in front of Airbyte",
    };
  }
  if (status < 500) return explainStranger(error, address);
  return {
    found: `Airbyte, or the gateway in front of it, is not well (${status}: ${serverMessage})`,
    next: "if it is starting, try again in some minutes; else look into the logs of its server and database",
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
