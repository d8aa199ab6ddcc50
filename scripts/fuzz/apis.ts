// Both APIs, called by schemathesis with whatever their own schemas allow, and forbid.
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonEnvironment } from "../../embedded/connectors/python/environment.ts";
import { openApiOf } from "./document.ts";
import type { Figures } from "./figures.ts";
import { Gateway, type Failure } from "./gateway.ts";
import { makeObjects } from "./objects.ts";
import { operationsOf } from "./operations.ts";
import type { FuzzOptions } from "./options.ts";
import { FuzzedServer } from "./server.ts";

/** What is called, by its paths; the calls that Airbyte has none of go with its public API. */
const parts = { "public API": /^\/api\/(public|embedded)\//, "config API": /^\/(api\/v1|oauth)\// };

const lists = [
  ...["applications", "workspaces", "sources", "destinations", "connections", "jobs", "tags", "organizations", "users"],
  ...["permissions", "connector_definitions?type=source", "connector_definitions?type=destination"],
];

export async function fuzzApis(
  options: FuzzOptions,
  folder: string,
): Promise<{ figures: Figures[]; failures: Failure[] }> {
  const operations = await operationsOf(join(folder, "routes"));
  const dataDir = join(folder, "data");
  const figures: Figures[] = [];
  const failures: Failure[] = [];
  const until = Date.now() + options.seconds * 1000;
  for (const [part, paths] of Object.entries(parts)) {
    const some = operations.filter(({ path }) => paths.test(path));
    const server = await FuzzedServer.start(dataDir);
    const gateway = new Gateway(server);
    const began = Date.now();
    const file = join(folder, "openapi.json");
    writeFileSync(file, JSON.stringify(openApiOf(some, await makeObjects(server))));
    const left = (until - began) / (Object.keys(parts).length - figures.length);
    const cut = await run(file, await gateway.listen(), left, options);
    const { calls } = gateway;
    gateway.close();
    const broken = await brokenAfterwards(server, dataDir);
    failures.push(...gateway.failures, ...broken.map((what) => ({ what, method: "", path: part, sent: "" })));
    figures.push({
      ...{ part, calls, operations: some.length },
      ...{ failures: gateway.failures.length + broken.length, seconds: (Date.now() - began) / 1000, cut },
      note: byClass(gateway.statuses),
    });
  }
  return { figures, failures };
}

/** Resolves with whether it was cut short. The fuzzer's own output is for whoever follows it. */
async function run(file: string, url: string, ms: number, { seed, examples }: FuzzOptions): Promise<boolean> {
  const { bin, python } = await pythonEnvironment("schemathesis", console.error);
  const args = [
    ...[join(bin, "schemathesis"), "run", file, "--url", url, "--checks", "not_a_server_error", "--no-color"],
    ...[
      "--seed",
      String(seed),
      "--max-examples",
      String(examples),
      "--generation-database",
      "none",
      "--warnings",
      "off",
    ],
    ...["--phases", "coverage,fuzzing", "--suppress-health-check", "all", "--request-timeout", "15", "--workers", "1"],
  ];
  const child = spawn(python, args, { stdio: ["ignore", 2, 2], cwd: mkdtempSync(join(file, "..", "run-")) });
  let cut = false;
  const timer = setTimeout(() => {
    cut = true;
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
  }, ms);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve).once("error", reject);
  });
  clearTimeout(timer);
  // 1: it has found something, of which the gateway knows.
  if (!cut && code !== 0 && code !== 1) throw new Error(`schemathesis has ended with code ${code}`);
  return cut;
}

/** Whether everything can still be listed, by this server and by the next one on the same data. */
async function brokenAfterwards(server: FuzzedServer, dataDir: string): Promise<string[]> {
  const broken: string[] = [];
  const look = async (one: FuzzedServer, when: string) => {
    for (const list of lists) {
      await one.call("GET", `/api/public/v1/${list}`).catch((error: unknown) => {
        broken.push(`${when}: ${(error as Error).message}`);
      });
    }
  };
  await look(server, "afterwards");
  if (!(await server.close())) broken.push("the server doesn't end well");
  const next = await FuzzedServer.start(dataDir);
  await look(next, "after a restart");
  await next.close();
  return broken;
}

function byClass(statuses: ReadonlyMap<number, number>): string {
  const classes = new Map<string, number>();
  for (const [status, count] of statuses) {
    const name = status === 0 ? "none" : `${Math.floor(status / 100)}xx`;
    classes.set(name, (classes.get(name) ?? 0) + count);
  }
  return [...classes]
    .sort()
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
