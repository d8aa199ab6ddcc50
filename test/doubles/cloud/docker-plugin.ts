// In place of Pulumi's Docker plugin: over the same SSH, but k3s's container is the embedded Airbyte with the credentials of the
// uploaded manifests, and Caddy's container is a Caddy with the uploaded files.
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { presetCredentials } from "../airbyte-with.ts";
import { freePort } from "../free-port.ts";
import { endProcesses, isRunning, noteProcess, world } from "./machines.ts";
import { serve, settings, type Props } from "./plugin.ts";

const here = world();
const portFile = join(here.folder, "airbyte-port");

/** Every call of Docker goes through SSH, as Docker's own client has it go. */
async function throughSsh(): Promise<URL> {
  const host = new URL(settings.host as string);
  const options = JSON.parse(settings.sshOpts as string) as string[];
  await promisify(execFile)("ssh", [...options, `${host.username}@${host.hostname}`, "docker system dial-stdio"]);
  return host;
}

function uploads(inputs: Props): Record<string, string> {
  const list = (inputs.uploads ?? []) as { file: string; content: string }[];
  return Object.fromEntries(list.map(({ file, content }) => [file, content]));
}

async function startAirbyte(inputs: Props): Promise<void> {
  const manifests = parseAllDocuments(uploads(inputs)["/var/lib/rancher/k3s/server/manifests/airbyte.yaml"] ?? "");
  const objects = manifests.map(
    (document) => document.toJS() as { metadata: { name: string }; stringData: Record<string, string> },
  );
  const preset = objects.find(({ metadata }) => metadata.name === "airbyte-preset")?.stringData ?? {};
  // The data are on the volume that is attached to the machine.
  const dataDir = join(here.folder, "volumes", readFileSync(join(here.folder, "attached"), "utf8"));
  const clientId = preset["instance-admin-client-id"] ?? "";
  presetCredentials(dataDir, { clientId, clientSecret: preset["instance-admin-client-secret"] ?? "" });
  const port = existsSync(portFile) ? Number(readFileSync(portFile, "utf8")) : await freePort();
  writeFileSync(portFile, String(port));
  const main = join(import.meta.dirname, "../../../embedded/main.ts");
  const child = spawn(process.execPath, [main, "--data", dataDir, "--port", String(port), "--faults"], {
    detached: true,
    stdio: "ignore",
  });
  child.unref();
  noteProcess(here, "airbyte-node", child.pid);
}

function startCaddy(inputs: Props, address: string): void {
  const files = uploads(inputs);
  const folder = join(here.folder, "caddy");
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(folder, file.split("/").at(-1) ?? ""), content);
  const config = (files["/etc/caddy/Caddyfile"] ?? "")
    .replaceAll("/etc/caddy", folder)
    .replace("\ttls", `\tbind ${address}\n\tlog {\n\t\toutput file ${here.folder}/access.log\n\t}\n\ttls`)
    // The embedded Airbyte answers to the name localhost alone.
    .replace("airbyte:30801", `127.0.0.1:${readFileSync(portFile, "utf8")} {\n\t\theader_up Host localhost\n\t}`);
  writeFileSync(join(folder, "Caddyfile"), config);
  const env = { HOME: folder };
  const child = spawn(here.caddy, ["run", "--config", join(folder, "Caddyfile")], {
    env,
    detached: true,
    stdio: "ignore",
  });
  child.unref();
  noteProcess(here, "airbyte-gateway", child.pid);
}

await serve("5.2.0", {
  "docker:index/container:Container": {
    deleteBeforeReplace: true,
    async create(inputs) {
      const host = await throughSsh();
      if (inputs.name === "airbyte") await startAirbyte(inputs);
      else startCaddy(inputs, host.hostname);
      return { id: randomBytes(32).toString("hex") };
    },
    async exists(_id, { name }) {
      await throughSsh();
      return isRunning(here, name === "airbyte" ? "airbyte-node" : "airbyte-gateway");
    },
    async delete(_id, { name }) {
      await throughSsh();
      endProcesses(here, name === "airbyte" ? "airbyte-node" : "airbyte-gateway");
    },
  },
});
