// Both APIs, called by schemathesis with whatever their own schemas allow, and forbid.
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonEnvironment } from "../embedded/connectors/python/environments.ts";
import { FuzzedServer, Gateway, type Outcome } from "./gateway.ts";
import { makeObjects, openApiOf, operationsOf, type Operation } from "./operations.ts";
import type { FuzzOptions } from "./options.ts";

/** What is called, by its paths; the calls that Airbyte has none of go with its public API. */
const parts = { "public API": /^\/api\/(public|embedded)\//, "config API": /^\/(api\/v1|oauth)\// };

const lists = [
  ...["applications", "workspaces", "sources", "destinations", "connections", "jobs", "tags", "organizations", "users"],
  ...["permissions", "connector_definitions"],
];
const configLists = ["sources", "destinations", "connections", "web_backend/connections", "tags"];
const pageSize = 100;

export async function fuzzApis(options: FuzzOptions, folder: string): Promise<Outcome[]> {
  const operations = await operationsOf(join(folder, "routes"));
  const outcomes: Outcome[] = [];
  for (const [part, paths] of Object.entries(parts)) {
    const some = operations.filter(({ path }) => paths.test(path));
    const dataDir = join(folder, part.replace(" API", ""));
    const server = await FuzzedServer.start(dataDir);
    const gateway = new Gateway(server);
    try {
      outcomes.push(await fuzzApi(part, some, { server, gateway, dataDir }, options));
    } finally {
      gateway.close();
      await server.close();
    }
  }
  return outcomes;
}

async function fuzzApi(
  part: string,
  operations: Operation[],
  { server, gateway, dataDir }: { server: FuzzedServer; gateway: Gateway; dataDir: string },
  options: FuzzOptions,
): Promise<Outcome> {
  const began = Date.now();
  const objects = await makeObjects(server);
  const file = join(dataDir, "openapi.json");
  writeFileSync(file, JSON.stringify(openApiOf(operations, objects)));
  const cut = await run(file, await gateway.listen(), options);
  const workspaceId = String(objects.kept.workspaceId?.[0]);
  const broken = await brokenAfterwards(server, dataDir, workspaceId);
  const { calls, statuses } = gateway;
  const failures = [...gateway.failures, ...broken.map((what) => ({ what, method: "", path: part, sent: "" }))];
  const seconds = (Date.now() - began) / 1000;
  return { part, calls, operations: operations.length, failures, seconds, cut, note: byClass(statuses) };
}

/** Resolves with whether it was cut short. The fuzzer's own output is for whoever follows it. */
async function run(file: string, url: string, { seed, examples, seconds }: FuzzOptions): Promise<boolean> {
  const { bin, python } = await pythonEnvironment("schemathesis", console.error);
  const settings = {
    ...{ url, seed, "max-examples": examples, checks: "not_a_server_error", phases: "coverage,fuzzing", workers: 1 },
    ...{ "suppress-health-check": "all", "request-timeout": 15, "generation-database": "none", warnings: "off" },
  };
  const given = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(python, [join(bin, "schemathesis"), "run", file, "--no-color", ...given], {
    stdio: ["ignore", 2, 2],
    cwd: mkdtempSync(join(file, "..", "run-")),
    env: { ...process.env, no_proxy: "*" },
  });
  let cut = false;
  const timer = setTimeout(
    () => {
      cut = true;
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
    },
    (seconds * 1000) / Object.keys(parts).length,
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve).once("error", reject);
  });
  clearTimeout(timer);
  // 1: it has found something, of which the gateway knows.
  if (!cut && code !== 0 && code !== 1) throw new Error(`schemathesis has ended with code ${code}`);
  return cut;
}

/** What can't be listed any longer, by this server and by the next one on the same data. */
async function brokenAfterwards(server: FuzzedServer, dataDir: string, workspaceId: string): Promise<string[]> {
  const broken: string[] = [];
  const look = async (one: FuzzedServer, when: string) => {
    const looks = [
      ...lists.map((list) => everyPage(one, list)),
      ...configLists.map((list) => one.call("POST", `/api/v1/${list}/list`, { workspaceId })),
    ];
    for (const look of await Promise.allSettled(looks)) {
      if (look.status === "rejected") broken.push(`${when}: ${(look.reason as Error).message}`);
    }
  };
  await look(server, "afterwards");
  if (!(await server.close())) broken.push("the server doesn't end well");
  const next = await FuzzedServer.start(dataDir);
  await look(next, "after a restart");
  await next.close();
  return broken;
}

/** To the last object: any of them could be the one that nothing can show. */
async function everyPage(server: FuzzedServer, list: string): Promise<void> {
  for (let offset = 0; ; offset += pageSize) {
    const answer = await server.call("GET", `/api/public/v1/${list}?limit=${pageSize}&offset=${offset}&type=source`);
    if (!answer.next) return;
  }
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
