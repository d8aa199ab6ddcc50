import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** One answer of the script: a status and body, or what to do with the response. */
export type Step =
  { status?: number; body?: unknown; headers?: Record<string, string> } | ((response: ServerResponse) => void);

/** A server on loopback that gives out a token and answers every other call with the next step of its script. */
export async function scriptedServer(steps: Step[], tokenStep?: Step) {
  const calls: Received[] = [];
  const tokenCalls: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const received = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      if (received.path.endsWith("/applications/token")) {
        tokenCalls.push(received);
        const token = { access_token: `token-${tokenCalls.length}`, token_type: "Bearer", expires_in: 180 };
        return answer(response, tokenStep ?? { body: token });
      }
      calls.push(received);
      answer(response, steps.shift() ?? { status: 500, body: { title: "the script has ended" } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, tokenCalls };
}

function answer(response: ServerResponse, step: Step): void {
  if (typeof step === "function") return step(response);
  const text = typeof step.body === "string" ? step.body : JSON.stringify(step.body ?? {});
  response.writeHead(step.status ?? 200, { "content-type": "application/json", ...step.headers }).end(text);
}
