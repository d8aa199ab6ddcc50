import { request } from "node:http";

/** What `GET /` of an embedded Airbyte says about itself. */
export interface About {
  name: string;
  version: string;
  instanceId: string;
  pid: number;
  options: unknown;
}

/** Nobody listens, somebody else does, or it is an embedded Airbyte (of whatever data folder). */
export type Probe = "nobody" | "stranger" | About;

export function probe(port: number, timeoutMs: number): Promise<Probe> {
  return new Promise((resolve) => {
    // No agent: a kept connection would keep the caller's process alive.
    const call = request({ host: "127.0.0.1", port, path: "/", agent: false, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text = (text + chunk).slice(0, 100_000)));
      response.on("end", () => {
        resolve(parse(text));
      });
      response.on("error", () => {
        resolve("stranger");
      });
    });
    call.on("timeout", () => {
      call.destroy(new Error("timeout"));
    });
    call.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ECONNREFUSED" ? "nobody" : "stranger");
    });
    call.end();
  });
}

function parse(text: string): Probe {
  try {
    const about = JSON.parse(text) as Partial<About>;
    return typeof about.instanceId === "string" && typeof about.pid === "number" ? (about as About) : "stranger";
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
