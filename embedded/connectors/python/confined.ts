import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const confine = fileURLToPath(new URL("confine.py", import.meta.url));

/** What a program of others may use of this machine. */
export interface Rights {
  /** Files and folders, beside those of the system and of its Python. */
  read?: string[];
  /** Folders. */
  write: string[];
  /** Default: none. */
  memoryBytes?: number;
}

/** Of each connector that is read from: enough for a big page of an API, too little to bring a laptop down. */
export const memoryBytes = 4 * 1024 ** 3;
const openFiles = 4_096;
const fileBytes = 16 * 1024 ** 3;

/** The arguments with which a Python becomes the program, with these rights alone. */
export function confined(python: string, { read = [], write, memoryBytes }: Rights, program: string[]): string[] {
  const { SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE } = process.env;
  const certificates = [SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE].filter((path) => path !== undefined);
  const environment = dirname(dirname(python));
  const rights = {
    read: [environment, ...read, ...certificates],
    write,
    memoryBytes: memoryBytes ?? null,
    openFiles,
    fileBytes,
  };
  // Isolated and without site-packages: nothing of the program's own runs before the rights are gone.
  return ["-I", "-S", confine, JSON.stringify(rights), "--", python, ...program];
}

/**
 * What a program of others sees of the server's environment, which holds secrets: these variables, and that it is to tell nobody what it
 * does. Its own temporary files go with its folder; some hold the configuration.
 */
export function environmentIn(folder: string, names: string[], own: Record<string, string>): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(["PATH", "TZ", ...names].map((name) => [name, process.env[name]])),
    HOME: folder,
    TMPDIR: folder,
    AIRBYTE_OFFLINE_MODE: "1",
    DO_NOT_TRACK: "1",
    ...own,
  };
}

/** Which limit a program has met, judged by its last words; undefined where it is none. */
export function limitMet(text: string): string | undefined {
  if (/\bMemoryError\b|Cannot allocate memory|std::bad_alloc|Unable to allocate/.test(text))
    return `it needs more than ${memoryBytes / 1024 ** 3} GB of memory`;
  if (text.includes("Too many open files")) return `it opens more than ${openFiles} files`;
  if (text.includes("File too large")) return `it writes a file of more than ${fileBytes / 1024 ** 3} GB`;
  return undefined;
}

/** Ends a process and its children, which are a group of their own: after `graceMs` by force. */
export async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGTERM");
  const grace = new AbortController();
  void gone.then(() => {
    grace.abort();
  });
  await delay(graceMs, undefined, { signal: grace.signal }).catch(() => undefined);
  signalGroup(child, "SIGKILL");
  await gone;
}

export function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // the group is gone
  }
}

/** What runs leave when their server is killed: theirs, PyAirbyte's logs, and the runs of versions that named them by an id alone. */
const left = /^(run-.+|logs|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A new folder for the private files of one run. */
export function newRun(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return mkdtempSync(join(folder, "run-"));
}

/** Takes away what runs have left, and nothing that they didn't make: no program writes elsewhere, but if one did, it were somebody's data. */
export function clearRuns(folder: string): void {
  try {
    for (const name of readdirSync(folder))
      if (left.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
    rmdirSync(folder);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(code)) throw error;
  }
}
