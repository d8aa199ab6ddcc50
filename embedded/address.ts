import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder, openCacheFolder } from "./folders.ts";

export interface Address {
  port: number;
  /** `http://127.0.0.1:PORT` */
  url: string;
}

const firstPort = 8000;
const lastPort = 8099;
/** A claim is believed for this long although its data folder shows no address yet. */
const claimGraceMs = 60_000;

/**
 * The address of the embedded Airbyte of a data folder, chosen once and kept in `address.json`. It is synchronous, so
 * that a program knows the address before anything runs.
 *
 * Without a `preferredPort` it is the first free port from 8000 on. A register in the user's cache folder keeps two
 * stacks from choosing the same port while neither runs. A preferred port is taken as it is, free or not: that shows
 * when the server starts.
 */
export function reserveAddress(dataDir: string, preferredPort?: number): Address {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const kept = readAddress(folder);
  if (kept && (preferredPort === undefined || kept.port === preferredPort)) {
    claim(kept.port, folder); // the folder may have been moved
    return kept;
  }
  const port = preferredPort ?? claimFreePort(folder);
  const address: Address = { port, url: `http://127.0.0.1:${port}` };
  if (preferredPort !== undefined) claim(port, folder);
  if (!kept) return writeFirst(folder, address);
  release(kept.port, folder);
  const draft = writeDraft(folder, address);
  renameSync(draft, join(folder, "address.json"));
  return address;
}

export function readAddress(dataDir: string): Address | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, "address.json"), "utf8")) as Address;
  } catch {
    return null;
  }
}

/** Gives the port back, for a data folder that is going away. */
export function releaseAddress(dataDir: string): void {
  const address = readAddress(dataDir);
  if (address) release(address.port, resolve(dataDir));
}

// Of two processes that reserve at once for one folder, the first to write decides.
function writeFirst(folder: string, address: Address): Address {
  const draft = writeDraft(folder, address);
  try {
    linkSync(draft, join(folder, "address.json"));
    return address;
  } catch {
    const decided = readAddress(folder);
    if (!decided) throw new Error(`The address of the embedded Airbyte could not be written to ${folder}`);
    if (decided.port !== address.port) release(address.port, folder);
    return decided;
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeDraft(folder: string, address: Address): string {
  const draft = join(folder, `address.json.${process.pid}`);
  writeFileSync(draft, JSON.stringify(address) + "\n", { mode: 0o600 });
  return draft;
}

function claimFreePort(folder: string): number {
  for (const port of freePorts()) if (claim(port, folder)) return port;
  throw new Error(
    `No port from ${firstPort} to ${lastPort} is free for the embedded Airbyte; choose one yourself: ` +
      "npm run pulumi -- config set --path embedded.port PORT",
  );
}

// Sockets can't be opened synchronously, so another Node tries them.
function freePorts(): number[] {
  const script = `
    const { createServer } = require("node:net");
    const free = (port) => new Promise((resolve) => {
      const server = createServer().once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    (async () => {
      const ports = [];
      for (let port = ${firstPort}; port <= ${lastPort}; port++) if (await free(port)) ports.push(port);
      console.log(JSON.stringify(ports));
    })();`;
  const { stdout, error } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env: {} });
  if (error) throw new Error("Could not look for a free port", { cause: error });
  return JSON.parse(stdout) as number[];
}

function register(): string {
  return join(cacheFolder(), "ports");
}

/** Enters the folder as the holder of the port, unless another one that still means it is there. */
function claim(port: number, folder: string): boolean {
  const entry = join(register(), String(port));
  try {
    openCacheFolder();
    mkdirSync(register(), { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        writeFileSync(entry, folder, { flag: "wx", mode: 0o600 });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readFileSync(entry, "utf8");
      if (holder === folder) return true;
      const fresh = Date.now() - statSync(entry).mtimeMs < claimGraceMs;
      if (fresh || readAddress(holder)?.port === port) return false;
      rmSync(entry, { force: true });
    }
    return false;
  } catch {
    // The register is a courtesy: without a cache folder to write to, a free port has to be enough.
    return true;
  }
}

function release(port: number, folder: string): void {
  const entry = join(register(), String(port));
  try {
    if (readFileSync(entry, "utf8") === folder) rmSync(entry);
  } catch {
    // Never entered, or gone already.
  }
}
