import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readAddress } from "./address.ts";
import { watchDataFolder } from "./folders.ts";
import { connectorsModes, keptOptions, withGiven } from "./options.ts";
import { portTaken } from "./probe.ts";
import { createEmbeddedServer } from "./server.ts";

const usage =
  "Usage: node embedded/main.ts --data FOLDER [--port N] [--token-ttl-seconds N] [--faults] [--no-persist] " +
  "[--auth simple|none] [--basic-auth] [--no-public-api] [--fixed-application] " +
  "[--connectors auto|real|simulated]";
if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit(0);
}

const values = readArguments();
if (values.data === undefined) fail(usage);
const dataDir = resolve(values.data);
const { auth } = values;
if (auth !== undefined && auth !== "simple" && auth !== "none") fail(`--auth is simple or none, not ${auth}`);
const connectors = connectorsModes.find((mode) => mode === values.connectors);
if (values.connectors !== undefined && !connectors) {
  fail(`--connectors is one of ${connectorsModes.join(", ")}, not ${values.connectors}`);
}
const port = values.port === undefined ? (readAddress(dataDir)?.port ?? 8000) : Number(values.port);
const ttl = values["token-ttl-seconds"];
const options = withGiven(keptOptions(dataDir), {
  tokenTtlSeconds: ttl === undefined ? undefined : Number(ttl),
  faults: values.faults,
  persist: values["no-persist"] ? false : undefined,
  auth,
  basicAuth: values["basic-auth"],
  publicApi: values["no-public-api"] ? false : undefined,
  fixedApplication: values["fixed-application"],
  connectors,
});

try {
  const server = await createEmbeddedServer({ dataDir, port, ...options });
  const close = () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("The data could not be saved at the end", error);
        process.exit(1);
      },
    );
  };
  // At once, and without saving: what was deleted must not come back.
  watchDataFolder(dataDir, server.instanceId, () => fail("The data folder is gone, so the server ends"));
  process.once("SIGTERM", close);
  process.once("SIGINT", close);
  console.log(`${new Date().toISOString()} Embedded Airbyte, process ${process.pid}, listens on ${server.url}`);
} catch (error) {
  const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  fail(taken ? portTaken(port) : (error as Error).message);
}

function readArguments() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const { values } = parseArgs({
      options: {
        data: text,
        port: text,
        "token-ttl-seconds": text,
        faults: flag,
        "no-persist": flag,
        auth: text,
        "basic-auth": flag,
        "no-public-api": flag,
        "fixed-application": flag,
        connectors: text,
      },
    });
    return values;
  } catch (error) {
    return fail(`${(error as Error).message}\n${usage}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
