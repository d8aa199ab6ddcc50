import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { ensureRunning } from "../../../embedded/index.ts";
import type { ByHand } from "../by-hand.ts";
import { finish, Project, shortName, type ResourceState, type Run } from "../project.ts";
import { API, FAKER, GOOGLE_SHEETS, POSTGRES, SECRETS } from "../sample.ts";

export const KINDS = ["sources", "destinations", "connections"] as const;
type Kind = (typeof KINDS)[number];
export type Declared = Record<Kind, Record<string, Record<string, unknown>>>;

/** One thing that `/faults` makes go wrong. */
export interface Rule {
  count?: number;
  method?: string;
  path?: string;
  body?: string;
  status?: number;
  retryAfter?: number;
  drop?: "before" | "after";
  truncate?: boolean;
  html?: boolean;
  late?: boolean;
  delayMs?: number;
}

const UP = ["up", "--yes", "--skip-preview", "--stack", "dev"];

/** A project whose Airbyte misbehaves on request, and what must hold however it did. */
export class Faulty {
  readonly project: Project;
  readonly byHand: ByHand;
  /** What pipelines.yaml declares; written before each run. */
  declared: Declared;
  /** Secrets that must not be seen, beside those of the sample. */
  secrets: string[] = [];

  constructor(project: Project, byHand: ByHand, declared: Declared = sample()) {
    this.project = project;
    this.byHand = byHand;
    this.declared = declared;
  }

  /** On the embedded Airbyte as a process of its own, which the stack itself starts and ends. */
  static async embedded(declared?: Declared): Promise<Faulty> {
    const project = await Project.create();
    await giveSecrets(project);
    const { clientSecret } = await ensureRunning(project.dataDir, { faults: true, connectors: "simulated" });
    const faulty = new Faulty(project, (method, path, body) => project.byHand(method, path, body), declared);
    faulty.secrets = [clientSecret];
    return faulty;
  }

  /** Writes what is declared. */
  write(): void {
    this.project.write("pipelines.yaml", JSON.stringify(this.declared, null, 2));
  }

  async inject(faults: {
    next?: Rule[];
    latencyMs?: number;
    expireTokens?: boolean;
    checkError?: string;
    jobError?: string;
  }): Promise<void> {
    await this.byHand("POST", "/faults", faults);
  }

  /** Faults that nothing has met yet: a test that expects them would prove nothing. */
  async unmet(): Promise<Rule[]> {
    return (await this.byHand<{ left: Rule[] }>("GET", "/faults")).left;
  }

  async calm(): Promise<void> {
    await this.byHand("DELETE", "/faults");
  }

  async onServer(kind: Kind): Promise<Record<string, unknown>[]> {
    const { data } = await this.byHand<{ data: Record<string, unknown>[] }>("GET", `${API}/${kind}?limit=100`);
    return data;
  }

  /** An `up` that may fail. */
  up(...args: string[]): Promise<Run> {
    this.write();
    return this.project.pulumi([...UP, ...args]);
  }

  /** An `up` that has made so many objects, by Pulumi's own lines, and has others yet to make. */
  async upUntilCreated(count: number): Promise<{ ended: Promise<Run> }> {
    this.write();
    const { project } = this;
    const begun = project.said.length;
    let over = false;
    const ended = finish(project.spawn([...UP, "--parallel", "4"])).finally(() => (over = true));
    await until(() => over || (project.said.slice(begun).match(/ created \(/g) ?? []).length >= count);
    expect(over, project.said.slice(begun)).toBe(false);
    return { ended };
  }

  /** The next `up` finishes; after it nothing differs, and everything is there once. */
  async mended(): Promise<Run> {
    this.write();
    const run = await this.project.up();
    await this.settled();
    return run;
  }

  /** Neither the program nor the server differs from the state, and everything is there once. */
  async settled(): Promise<void> {
    await this.project.up("--refresh", "--expect-no-changes");
    await this.intact();
  }

  /** Each declared object is on the server exactly once, with the id that the state holds, and no secret is to be seen. */
  async intact(): Promise<void> {
    const ids = this.ids();
    for (const kind of KINDS) {
      const found = await this.onServer(kind);
      const one = kind.slice(0, -1);
      expect(found.map(({ name }) => name as string).sort()).toEqual(Object.keys(this.declared[kind]).sort());
      const type = one.charAt(0).toUpperCase() + one.slice(1);
      for (const object of found) expect(object[`${one}Id`]).toBe(ids[`${type}/${object.name as string}`]);
    }
    this.nothingSecretShown();
  }

  /** As `Project.ids`, read from the state's file, which is quicker than the CLI. */
  ids(): Record<string, string> {
    return Object.fromEntries(this.held().map(({ urn, id }) => [shortName(urn), id]));
  }

  /** What the state holds that has an id; what is yet to be deleted after its replacement included. */
  held(): ResourceState[] {
    const file = join(this.project.dir, ".pulumi-state/.pulumi/stacks/airbyte-on-pulumi/dev.json");
    const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest: { resources?: ResourceState[] } };
    };
    return (checkpoint.latest.resources ?? []).filter(({ id }) => id);
  }

  nothingSecretShown(): void {
    const { dir, dataDir, said } = this.project;
    const places: Record<string, string> = { "the output": said };
    for (const file of filesBelow(join(dir, ".pulumi-state"))) places[file] = readFileSync(file, "utf8");
    for (const file of [join(dir, ".airbyte/dev/intents.jsonl"), join(dataDir, "server.log")]) {
      if (statSync(file, { throwIfNoEntry: false })) places[file] = readFileSync(file, "utf8");
    }
    const secrets = [...Object.values(SECRETS), ...this.secrets];
    const seen = Object.entries(places).filter(([, text]) => secrets.some((secret) => text.includes(secret)));
    expect(seen.map(([place]) => place)).toEqual([]);
  }
}

export async function giveSecrets(project: Project): Promise<void> {
  for (const [name, value] of Object.entries(SECRETS)) await project.setSecret(name, value);
}

export const faker = (count = 1) => ({ definitionId: FAKER, configuration: { count } });

export const sheet = (id = "abc") => ({
  definitionId: GOOGLE_SHEETS,
  configuration: {
    spreadsheet_id: `https://docs.google.com/spreadsheets/d/${id}`,
    credentials: { auth_type: "Service", service_account_info: "${secret:sheetKey}" },
  },
});

export const postgres = (host = "db.example.com") => ({
  definitionId: POSTGRES,
  configuration: {
    ...{ host, port: 5432, database: "d", schema: "public", username: "airbyte" },
    password: "${secret:warehousePassword}",
  },
});

/** Two sources, a destination and two connections, with secrets at both ends. */
export function sample(): Declared {
  return {
    sources: { users: faker(), orders: sheet() },
    destinations: { warehouse: postgres() },
    connections: {
      "users-to-warehouse": { source: "users", destination: "warehouse", prefix: "raw_" },
      "orders-to-warehouse": { source: "orders", destination: "warehouse" },
    },
  };
}

/** Waits until something holds; the test's own time limit ends a wait in vain. */
export async function until(holds: () => boolean | Promise<boolean>, pauseMs = 25): Promise<void> {
  while (!(await holds())) await sleep(pauseMs);
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
