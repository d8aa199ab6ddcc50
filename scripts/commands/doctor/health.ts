import { WAIT } from "../../../providers/airbyte/api/waits.ts";
import { isLoopback } from "../../../settings/plain-http.ts";
import type { Client } from "../../../providers/airbyte/api/client.ts";
import { nextStep } from "../../../errors/user-error.ts";
import { AirbyteError } from "../../../providers/airbyte/api/errors.ts";
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
    report.fail(step, found, nextStep(next));
    return step;
  };

  if (answer?.code === "unreachable") return failed("reach", explainUnreachable(answer, address));
  if (answer?.code === "interrupted") return failed("reach", explainInterrupted(answer, address));
  report.ok("reach", host);

  if (answer?.code === "tls") return failed("TLS", explainTls(answer, address));
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

/** `GET /health` answers in plain text (`Successful operation`), without a token; a page of HTML is none of Airbyte's. */
async function askHealth(client: Client): Promise<AirbyteError | undefined> {
  try {
    await client.call({ method: "GET", path: "/health", timeoutMs: WAIT.call.probeMs });
    return undefined;
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    return error;
  }
}

function explainHealth(error: AirbyteError, address: Address): Explanation {
  const { status = 0, code, serverMessage } = error;
  if (code === "redirect") return explainRedirect(error, address);
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
