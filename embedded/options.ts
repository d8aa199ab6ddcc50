import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether Airbyte's own connectors run, those that are published as Python packages.
 *
 * - `simulated`: none does, and no Python is needed.
 * - `auto`: where Python is there and the installation succeeds; else they are simulated, and say why. A connector that
 *   needs an account checks configurations and connections for real, and its streams and rows are simulated.
 * - `real`: all of them, those with accounts too; where one can't run, its use fails.
 *
 * What is a Docker image only is simulated in any case.
 */
export const connectorsModes = ["auto", "real", "simulated"] as const;
export type ConnectorsMode = (typeof connectorsModes)[number];

/** How a server runs. Kept in `options.json` of the data folder, so that a restart is the same server again. */
export interface ServerOptions {
  /** Life of an access token in seconds. Default 180, which is the shortest that real Airbyte installations use. */
  tokenTtlSeconds: number;
  /** Serves `/faults`, by which tests make the server misbehave. Default false. */
  faults: boolean;
  /** Keeps the data in a file. `false` is for benchmarks: everything is lost at the end. Default true. */
  persist: boolean;
  /** `none` asks for no credentials at all, on both APIs (Airbyte: API_AUTHORIZATION_ENABLED=false). Default `simple`. */
  auth: "simple" | "none";
  /** Takes client id and secret as Basic user and password as well, on the config API. Default false. */
  basicAuth: boolean;
  /** `false` plays an old server, which has the config API only. Default true. */
  publicApi: boolean;
  /**
   * Shows one application, under another id each time, and makes none, as an Airbyte with simple authentication does.
   * Default false.
   */
  fixedApplication: boolean;
  /** Jobs that run at the same time; others wait as pending. Default 2. */
  parallelJobs: number;
  /** How often a failing sync is tried. Default: 5 attempts, with 1, 3, 9 and 27 s between them. */
  retries: RetryPolicy;
  /** Default `simulated`; a stack of this project asks for `auto`. */
  connectors: ConnectorsMode;
}

export const defaultOptions: ServerOptions = {
  tokenTtlSeconds: 180,
  faults: false,
  persist: true,
  auth: "simple",
  basicAuth: false,
  publicApi: true,
  fixedApplication: false,
  parallelJobs: 2,
  retries: { attempts: 5, backoffMs: 1_000 },
  connectors: "simulated",
};

/** Options as a caller gives them: what is undefined keeps its earlier value. */
export type GivenOptions = { [K in keyof ServerOptions]?: ServerOptions[K] | undefined };

/** The same with what is given. What the earlier ones don't have is left out. */
export function withGiven<T extends object>(kept: T, given: { [K in keyof T]?: T[K] | null | undefined }): T {
  return Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, given[key as keyof T] ?? value])) as T;
}

export function keptOptions(dataDir: string): ServerOptions {
  try {
    const kept = JSON.parse(readFileSync(join(dataDir, "options.json"), "utf8")) as GivenOptions;
    return withGiven(defaultOptions, kept);
  } catch {
    return defaultOptions;
  }
}

export function keepOptions(dataDir: string, options: ServerOptions): void {
  writeFileSync(join(dataDir, "options.json"), JSON.stringify(options) + "\n", { mode: 0o600 });
}

export interface RetryPolicy {
  /** Attempts in a row that may fail without having got anything into the destination. Airbyte's default: 5. */
  attempts: number;
  /** The wait before the second; Airbyte waits 10 s. It is tripled each time, as Airbyte does. */
  backoffMs: number;
}
