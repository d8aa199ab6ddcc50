import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Auth } from "../../../settings/existing.ts";
import { Access } from "../../../providers/access.ts";
import { Session } from "../../../providers/airbyte/session.ts";
import { examineAirbyte, type Used } from "../../../scripts/commands/doctor/server.ts";
import { Report } from "../../../scripts/commands/doctor/report.ts";
import { temporaryFolder } from "../modules.ts";

export interface Given {
  url: string;
  clientId?: string;
  clientSecret?: string;
  caCertificate?: string;
  workspaceId?: string;
  auth?: Auth;
  api?: "config";
  bearerToken?: string;
  basicUsername?: string;
  basicPassword?: string;
  used?: Used[];
}

/** What the doctor says of a server, as printed. */
export async function examine({ url, workspaceId, used = [], ...credentials }: Given) {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  const settings: Record<string, string | undefined> = {
    target: "existing",
    stateDir: temporaryFolder(),
    ...credentials,
  };
  const session = new Session(new Access({ get: (key) => settings[key] }));
  const { auth = "application", caCertificate, basicUsername, basicPassword } = credentials;
  await examineAirbyte(report, {
    url,
    caCertificate,
    signIn: auth,
    basic: auth === "basic" ? { basicUsername, basicPassword } : undefined,
    workspaceId,
    used,
    open: () => session.context({ airbyteUrl: url, declaredAs: "dev/doctor" }),
  });
  return { text: lines.join("\n"), failures: report.failures, code: report.conclude() };
}

/** The port of a server that ends with the test. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The address of a server that answers everything in this way. */
export async function serverThat(answers: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(answers))}`;
}

/** Credentials that no server knows. */
export const id = { clientId: "some-id", clientSecret: "s3cret-of-the-client" };
