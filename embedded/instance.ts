import type { Programs } from "./connectors/programs.ts";
import type { WriterPool } from "./connectors/python/writers.ts";
import type { Registry } from "./connectors/registry.ts";
import type { Credentials } from "./credentials.ts";
import type { Faults } from "./faults.ts";
import type { ServerOptions } from "./options.ts";
import type { Discovery } from "./platform/discovery.ts";
import type { Jobs } from "./platform/jobs.ts";
import type { Prover } from "./proof.ts";
import type { Store } from "./store.ts";
import type { Tokens } from "./tokens.ts";

/** One running embedded Airbyte: what the routes of every API dialect work on. */
export interface Instance {
  url: string;
  version: string;
  credentials: Credentials;
  options: ServerOptions;
  store: Store;
  tokens: Tokens;
  /** Proves to those who can read the data folder that this is its server. */
  prover: Prover;
  registry: Registry;
  /** The connectors' programs that run. */
  programs: Programs;
  /** What writes into databases. */
  writers: WriterPool;
  discovery: Discovery;
  jobs: Jobs;
  faults: Faults;
}
