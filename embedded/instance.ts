import type { Programs } from "./connectors/programs.ts";
import type { WriterPool } from "./connectors/python/writers.ts";
import type { Credentials, Tokens } from "./credentials.ts";
import type { Platform } from "./platform/platform.ts";
import type { Prover } from "./probe.ts";
import type { Jobs } from "./syncs/jobs.ts";

/** One running embedded Airbyte: what the routes of every API dialect work on. */
export interface Instance extends Platform {
  url: string;
  version: string;
  credentials: Credentials;
  tokens: Tokens;
  /** Proves to those who can read the data folder that this is its server. */
  prover: Prover;
  /** The connectors' programs that run. */
  programs: Programs;
  /** What writes into databases. */
  writers: WriterPool;
  jobs: Jobs;
}
