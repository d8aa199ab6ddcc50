// npm run connect -- --from PLATFORM --stack NAME: a stack of pipelines gets what it needs to live in the Airbyte of another stack.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { askPulumi, settingsFile } from "./ask-pulumi.mjs";
import { parsePulumiArgs } from "./pulumi-args.mjs";
import { setConfig } from "./set-config.mjs";
import { tail } from "./setup/process.mjs";
import { say } from "./setup/progress.mjs";
import { readProject, shortName, stackFolder } from "./setup/project.mjs";
import { openStack } from "./setup/stack.mjs";
import { StopError } from "./setup/stop.mjs";

/** Resolves with the exit code. What is secret goes from process to process by standard input and output. */
export async function connect(projectDir, givenArgs, env) {
  const project = readProject(projectDir, env);
  const { stack, args } = parsePulumiArgs(givenArgs, env);
  const platform = readFrom(args);
  if (shortName(platform) === shortName(stack)) {
    throw new StopError(
      `${stack} can't live in its own Airbyte. Name the stack of the pipelines: npm run connect -- --from ${platform} --stack NAME`,
      2,
    );
  }
  const { clientSecret, ...plain } = await readPlatform(project, platform, env);
  const opened = await openStack(project, stack, env, { create: true });
  for (const [key, value] of Object.entries({ target: "existing", platform, ...plain })) {
    if (value !== undefined) await setConfig(project, opened, key, value);
  }
  await setConfig(project, opened, "clientSecret", clientSecret, true);
  say(`${stack} lives in the Airbyte of ${platform}, and has its own credentials for it.`);
  say(`Next: npm run pulumi -- config set pipelines FILE --stack ${stack}, and npm start -- --stack ${stack}`);
  return 0;
}

function readFrom(args) {
  const usage = "Say which stack owns the Airbyte: npm run connect -- --from STACK --stack NAME";
  try {
    const { values } = parseArgs({ args, options: { from: { type: "string" } } });
    if (values.from) return values.from;
  } catch (error) {
    throw new StopError(`${error.message.split(".")[0]}. ${usage}`, 2);
  }
  throw new StopError(usage, 2);
}

/** Workspace, certificate authority and credentials of a stack's Airbyte. Its rootSecret stays with it. */
async function readPlatform(project, platform, env) {
  const opened = await openStack(project, platform, env, { create: false });
  const ask = async (...args) => {
    const run = await askPulumi(project, opened, [...args, "--show-secrets", "--json"]);
    if (run.code !== 0) throw new StopError(`The stack ${platform} can't be read. Pulumi says: ${tail(run.output)}`);
    return JSON.parse(run.stdout);
  };
  const { airbyteUrl, workspaceId, airbyteAccess } = await ask("stack", "output");
  if (airbyteUrl === undefined) {
    throw new StopError(`The stack ${platform} has no Airbyte yet: npm start -- --stack ${platform}`);
  }
  const config = await ask("config", ...settingsFile(opened));
  const get = (key) => config[`${project.name}:${key}`]?.value || undefined;
  const credentials = await credentialsOf(get, stackFolder(project, platform, opened.settings), platform);
  return { workspaceId, caCertificate: airbyteAccess?.caCertificate ?? get("caCertificate"), ...credentials };
}

async function credentialsOf(get, folder, platform) {
  const target = get("target") ?? "embedded";
  if (target === "embedded") return embeddedCredentials(folder, platform);
  if (target === "existing") {
    const [clientId, clientSecret] = [get("clientId"), get("clientSecret")];
    if (clientId && clientSecret) return { clientId, clientSecret };
    throw new StopError(`${platform} signs in without clientId and clientSecret, and can give none: set them by hand.`);
  }
  const { readRoot } = await import("../providers/airbyte/root.ts");
  const { apiCredentials } = await import("../credentials/credentials.ts");
  const { secret, versions } = readRoot(get);
  const { clientId, clientSecret } = apiCredentials(secret, versions.api);
  return { clientId, clientSecret };
}

function embeddedCredentials(folder, platform) {
  try {
    const { clientId, clientSecret } = JSON.parse(readFileSync(join(folder, "embedded", "credentials.json"), "utf8"));
    return { clientId, clientSecret };
  } catch {
    throw new StopError(`The embedded Airbyte of ${platform} is not on this machine: npm start -- --stack ${platform}`);
  }
}
