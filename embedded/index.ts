import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readAddress, releaseAddress, reserveAddress } from "./address.ts";
import type { OfflineConnectors } from "./connectors/offline.ts";
import { instanceIdOf } from "./folders.ts";
import {
  keepOptions,
  keptOptions,
  withGiven,
  type ConnectorsMode,
  type GivenOptions,
  type ServerOptions,
} from "./options.ts";
import {
  patienceMs,
  patientProbe,
  portSilent,
  portTaken,
  probe,
  projectVersion,
  type About,
  type Probe,
} from "./probe.ts";

/**
 * The one door of the embedded Airbyte for the rest of the project: by it the server of a data folder is started and ended, asked who it is,
 * and told its address and options. It loads no package: the server is a process of its own.
 */
export { readAddress, reserveAddress } from "./address.ts";
export type { OfflineConnectors } from "./connectors/offline.ts";
export { instanceIdOf, openCacheFolder } from "./folders.ts";
export { connectorsModes, type GivenOptions as EmbeddedOptions } from "./options.ts";
export { patienceMs, patientProbe, portTaken, probe } from "./probe.ts";

/** See connectors/offline.ts, which is loaded only when it is needed. */
export async function offlineConnectors(mode?: ConnectorsMode): Promise<OfflineConnectors> {
  return (await import("./connectors/offline.ts")).offlineConnectors(mode);
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT`; the public API is under `/api/public/v1`, the config API under `/api/v1`. */
  url: string;
  clientId: string;
  clientSecret: string;
  instanceId: string;
  pid: number;
}

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const stopTimeoutMs = 5_000;
const maxLogBytes = 5 * 1024 * 1024;

/**
 * Starts the embedded Airbyte of a data folder unless it runs already, and waits until it answers.
 *
 * The process is detached: it neither keeps the caller alive nor ends with it. Callers at the same time end with one
 * server, since the port can be taken only once. A server of another version, or with other options than those given,
 * is restarted. Throws when the port belongs to another program, or when the server does not come up.
 */
export async function ensureRunning(dataDir: string, given: GivenOptions = {}): Promise<RunningServer> {
  const { port, url } = reserveAddress(dataDir);
  const kept = keptOptions(dataDir);
  const options = withGiven(kept, given);
  if (JSON.stringify(options) !== JSON.stringify(kept)) keepOptions(dataDir, options);

  let running = await look(dataDir, port);
  if (running && (running.isUnproven || running.version !== projectVersion() || !sameOptions(running, options))) {
    await end(running.pid, dataDir, port);
    running = null;
  }
  running ??= await start(dataDir, port);
  const { clientId, clientSecret, instanceId } = readCredentials(dataDir);
  return { url, clientId, clientSecret, instanceId, pid: running.pid };
}

/** True when the folder holds the data of an embedded Airbyte, running or not. */
export function hasData(dataDir: string): boolean {
  return instanceIdOf(dataDir) !== null;
}

/** Ends the server of this data folder, and never another process. Fine when it doesn't run; an error when nobody can say whether it does. */
export async function stop(dataDir: string): Promise<void> {
  if ((await endOwn(dataDir)) !== "silent") return;
  throw new Error(portSilent(readAddress(dataDir)?.port ?? 0, join(dataDir, "server.log")));
}

/** Stops the server and deletes its data. One that doesn't answer ends itself once they are gone. */
export async function remove(dataDir: string): Promise<void> {
  await endOwn(dataDir);
  releaseAddress(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
}

async function endOwn(dataDir: string): Promise<Probe> {
  const address = readAddress(dataDir);
  if (!address) return "nobody";
  const about = await patientProbe(address.port, dataDir, patienceMs);
  if (typeof about !== "string" && isOwn(about, dataDir)) await end(about.pid, dataDir, address.port);
  return about;
}

/** Moves a data folder, with its server stopped; it keeps its address. What lies at the new place, which has no data, goes. */
export async function moveStopped(from: string, to: string): Promise<void> {
  if (hasData(to)) throw new Error(`${to} has data already`);
  await stop(from);
  for (const folder of [from, to]) releaseAddress(folder);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(dirname(resolve(to)), { recursive: true, mode: 0o700 });
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    // Another disk: what is half copied is never taken for the data.
    cpSync(from, `${to}.part`, { recursive: true, preserveTimestamps: true });
    renameSync(`${to}.part`, to);
    rmSync(from, { recursive: true });
  }
  reserveAddress(to);
}

/** The server of this data folder if it runs; an error if somebody else has the port. */
async function look(dataDir: string, port: number): Promise<About | null> {
  const about = await patientProbe(port, dataDir, patienceMs);
  if (about === "nobody") return null;
  if (about === "silent") throw new Error(portSilent(port, join(dataDir, "server.log")));
  if (about === "stranger" || !isOwn(about, dataDir)) throw new Error(portTaken(port));
  return about;
}

/** Whether it is the server of this data folder, and not somebody who says so: it proves it, or its process is one that we started. */
function isOwn({ instanceId, pid, isUnproven }: About, dataDir: string): boolean {
  return instanceId === instanceIdOf(dataDir) && (!isUnproven || isServerOf(dataDir, pid));
}

async function start(dataDir: string, port: number): Promise<About> {
  // The npm package holds what talks to an Airbyte, and not this one.
  if (!existsSync(main)) {
    throw new Error("The embedded Airbyte is not part of the npm package: it runs in a checkout of Airbyte on Pulumi");
  }
  const child = launch(dataDir);
  let exited = false;
  const ended = new Promise<void>((resolve) => {
    const settle = () => {
      exited = true;
      resolve();
    };
    child.once("exit", settle).once("error", settle);
  });
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    // Who listens is told by an answer that was asked for after the end: before it, another caller's server may have been about to start.
    const hadEnded = exited;
    const about = await probe(port, dataDir, 5_000);
    // The key is written before the first answer, by whichever process got the port.
    if (typeof about !== "string" && !about.isUnproven) {
      // Another caller's server came first. Ours must not turn up later, when that one has been stopped.
      if (about.pid !== child.pid && !exited) {
        child.ref();
        child.kill("SIGKILL");
        await ended;
      }
      return about;
    }
    if (hadEnded && about === "nobody") throw new Error(`The embedded Airbyte did not start: ${lastLine(dataDir)}`);
    // Silent may be the server of another caller, which is slow.
    if (hadEnded && about !== "silent") throw new Error(portTaken(port));
    await delay(25);
  }
  child.kill("SIGKILL");
  throw new Error(
    `The embedded Airbyte did not answer on port ${port} within ${patienceMs / 1000} seconds; ` +
      `its log is ${join(dataDir, "server.log")}`,
  );
}

function launch(dataDir: string): ChildProcess {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, "server.log");
  const full = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes;
  const log = openSync(file, full ? "w" : "a", 0o600);
  try {
    // Node before 24 warns about running TypeScript.
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, "--data", resolve(dataDir)], {
      detached: true,
      stdio: ["ignore", log, log],
      env: environment(),
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** How this machine reaches PyPI, where Airbyte's connectors come from, and how they reach their systems. */
const networkVariables = [
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "PIP_CERT"],
  ...["PIP_INDEX_URL", "PIP_CONFIG_FILE", "UV_DEFAULT_INDEX", "UV_CONFIG_FILE"],
];

// The server outlives its parent, so it gets nothing of the stack's passphrase and other secrets.
function environment(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"];
  return Object.fromEntries([...names, ...networkVariables].map((name) => [name, process.env[name]]));
}

async function end(pid: number, dataDir: string, port: number): Promise<void> {
  signal(pid, "SIGTERM");
  if (await gone(pid)) return;
  // By now the pid may be somebody else's: ask once more before using force.
  const about = await probe(port, dataDir, 1_000);
  if (typeof about !== "string" && (about.pid !== pid || !isOwn(about, dataDir))) return;
  signal(pid, "SIGKILL");
  if (!(await gone(pid))) throw new Error(`The embedded Airbyte, process ${pid}, could not be ended`);
}

async function gone(pid: number): Promise<boolean> {
  for (const deadline = Date.now() + stopTimeoutMs; Date.now() < deadline; await delay(25)) {
    if (!signal(pid, 0) || isZombie(pid)) return true;
  }
  return false;
}

// In containers without an init process nobody collects the orphaned server, and it looks alive for ever.
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function sameOptions(running: About, options: ServerOptions): boolean {
  return JSON.stringify(running.options) === JSON.stringify(options);
}

function readCredentials(dataDir: string): Omit<RunningServer, "url" | "pid"> {
  return JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8")) as Omit<RunningServer, "url" | "pid">;
}

function lastLine(dataDir: string): string {
  const lines = readFileSync(join(dataDir, "server.log"), "utf8").trim().split("\n");
  return lines.at(-1) ?? "";
}

/**
 * Whether a process is the server of a data folder: this user's, and started as this file starts one. Asked before a process is ended
 * that somebody on a port has named.
 */
function isServerOf(dataDir: string, pid: number): boolean {
  const found = Number.isInteger(pid) && pid > 1 ? lookAt(pid) : undefined;
  if (!found || found.uid !== process.getuid?.()) return false;
  const words = `${found.command.replaceAll("\0", " ")} `;
  return /[\\/]embedded[\\/]main\.ts /.test(words) && words.includes(` ${resolve(dataDir)} `);
}

interface Found {
  uid: number;
  command: string;
}

function lookAt(pid: number): Found | undefined {
  try {
    return { uid: statSync(`/proc/${pid}`).uid, command: readFileSync(`/proc/${pid}/cmdline`, "utf8") };
  } catch {
    // Not Linux, or no such process.
    const { stdout } = spawnSync("ps", ["-o", "uid=,command=", "-p", String(pid)], { encoding: "utf8" });
    const [, uid, command] = /^\s*(\d+)\s+(.*)$/s.exec(stdout ?? "") ?? [];
    return uid === undefined || command === undefined ? undefined : { uid: Number(uid), command };
  }
}
