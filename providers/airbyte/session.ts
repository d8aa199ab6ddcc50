import { join } from "node:path";
import { ensureRunning, hasData } from "../../embedded/launch.ts";
import { configApiRoot, publicApiRoot } from "./api/address.ts";
import type { ClientOptions } from "./api/call.ts";
import { Client } from "./api/client.ts";
import { ConfigApi } from "./api/config.ts";
import { PublicApi } from "./api/public.ts";
import { Redactor } from "./api/redact.ts";
import { readRequestTimeout, REQUEST_TIMEOUT, TIME_LIMIT } from "./api/time-limit.ts";
import { explained, ExplainedError } from "./explained-error.ts";
import { printable } from "../printable.ts";
import { readRoot, type Root } from "./root.ts";
import { Discovery } from "./lifecycle/discovery.ts";
import type { CommonInputs, Context } from "./lifecycle/handler.ts";
import { Connectors } from "./specification/connectors.ts";
import { ConnectorRegistry } from "./specification/registry.ts";
import { Intents } from "./lifecycle/intents.ts";
import { Reads } from "./lifecycle/reads.ts";
import { secretsOf } from "./lifecycle/stored.ts";

/** The stack's configuration, secrets decrypted, as Pulumi gives it to `configure`. */
export interface StackConfig {
  get(key: string): string | undefined;
}

const CREDENTIALS = [
  "clientId",
  "clientSecret",
  "tokenUrl",
  "tokenBody",
  "bearerToken",
  "basicUsername",
  "basicPassword",
  "caCertificate",
  "allowPlainHttp",
] as const;
type Credentials = Pick<ClientOptions, (typeof CREDENTIALS)[number]>;

/** Targets whose Airbyte the program sets up with credentials that it knows beforehand. */
const OWN_TARGETS = ["docker", "aws", "kubernetes"];

/** One Airbyte, for those that only ask. */
type Asked = Pick<Context, "api" | "connectors" | "discovery" | "reads">;

/**
 * What all resources of a run share: credentials from the stack's configuration (never from a resource), one HTTP
 * client for each Airbyte, one journal for each stack.
 */
export class Session {
  readonly #config: StackConfig;
  readonly #airbytes = new Map<string, Promise<Asked>>();
  readonly #outOfReach = new Set<string>();
  readonly #inState = new Set<string>();
  readonly #secrets = new Redactor();
  readonly #shown = new Set<string>();
  readonly #intents = new Map<string, Intents>();

  constructor(config: StackConfig) {
    this.#config = config;
  }

  /** The Airbyte that a resource lives in; started first, with its data, where it is the embedded one and stands still. */
  async context(inputs: CommonInputs): Promise<Context> {
    return { ...(await this.airbyte(inputs)), intents: this.intents(inputs), log: (line) => this.log(line) };
  }

  /** The same, for those that only ask and create nothing. */
  airbyte(inputs: CommonInputs): Promise<Asked> {
    const key = `${inputs.airbyteUrl} ${inputs.profile ?? ""} ${this.stackFolder(inputs)}`;
    const known = this.#airbytes.get(key);
    if (known) return known;
    const opened = this.#open(inputs);
    this.#airbytes.set(key, opened);
    // A server that could not be started now may be startable for the next resource.
    opened.catch(() => this.#airbytes.delete(key));
    return opened;
  }

  /** No error of this run may quote the secrets of these inputs: a connector's log, for one, quotes its own configuration. */
  keepSecrets(inputs: Record<string, unknown>): void {
    this.#secrets.add(secretsOf(inputs));
  }

  /**
   * True when the state holds a resource of this declaration. Pulumi checks a replacement a second time as if it were
   * new, so what the first check saw is remembered.
   */
  isInState(kind: string, { declaredAs }: { declaredAs?: unknown }, seenNow: boolean): boolean {
    const key = `${kind} ${String(declaredAs)}`;
    if (seenNow) this.#inState.add(key);
    return this.#inState.has(key);
  }

  /** True once an Airbyte could not be reached for a question that need not be answered. */
  isOutOfReach({ airbyteUrl }: CommonInputs): boolean {
    return this.#outOfReach.has(airbyteUrl);
  }

  markOutOfReach({ airbyteUrl }: CommonInputs): void {
    this.#outOfReach.add(airbyteUrl);
  }

  /** Shows a line to the person who runs Pulumi. */
  log(line: string): void {
    console.log(this.shown(line));
  }

  /** What a person is shown of a text that may quote others: a server, a connector. */
  shown(text: string): string {
    return printable(this.#secrets.text(text));
  }

  /** The same, but a line that was shown before isn't shown again. */
  logOnce(line: string): undefined {
    if (!this.#shown.has(line)) this.log(line);
    this.#shown.add(line);
  }

  intents(inputs: CommonInputs): Intents {
    const file = join(this.stackFolder(inputs), "intents.jsonl");
    let intents = this.#intents.get(file);
    if (!intents) {
      const longestCallMs = Math.max(this.#requestTimeoutMs() ?? 0, TIME_LIMIT.runsConnector);
      this.#intents.set(file, (intents = new Intents(file, longestCallMs)));
    }
    return intents;
  }

  /** True when the stack's own embedded Airbyte has lost its data folder: then nothing of it exists any more. */
  isDataGone(inputs: CommonInputs): boolean {
    // Nothing is gone by a guess: without a target, it may be any Airbyte.
    return this.#get("target") !== undefined && this.#isEmbedded(inputs) && !hasData(this.embeddedFolder(inputs));
  }

  /** The folder that this machine keeps for the stack, relative to the project. */
  stackFolder({ declaredAs }: CommonInputs): string {
    return this.#get("stateDir") ?? join(".airbyte", declaredAs.split("/")[0] ?? "");
  }

  embeddedFolder(inputs: CommonInputs): string {
    return join(this.stackFolder(inputs), "embedded");
  }

  /** The secret that all credentials of an Airbyte of the program's own are derived from, and their versions. */
  root(): Root {
    return readRoot((key) => this.#get(key));
  }

  async #open(inputs: CommonInputs) {
    const { client, configRoot } = await this.#connect(inputs);
    const api = (await this.#speaksConfigOnly(inputs, client, configRoot))
      ? new ConfigApi(client)
      : new PublicApi(client);
    const connectors = new Connectors(configRoot === undefined ? new ConnectorRegistry() : api);
    return { api, connectors, discovery: new Discovery(api), reads: new Reads(api) };
  }

  /** A client alone, for an Airbyte that may not answer yet. */
  async client(inputs: CommonInputs): Promise<Client> {
    return (await this.#connect(inputs)).client;
  }

  async #connect(inputs: CommonInputs): Promise<{ client: Client; configRoot: string | undefined }> {
    const embedded = this.#isEmbedded(inputs) ? await this.#startEmbedded(inputs) : undefined;
    const credentials = embedded ?? (await this.#derived(inputs)) ?? this.#credentials(inputs.profile);
    // A server that this machine runs is where it runs, also in the preview of a changed port.
    const url = embedded?.url ?? inputs.airbyteUrl;
    const root = this.#get("apiRoot") ?? explained(() => publicApiRoot(url));
    const configRoot = configApiRoot(root);
    const client = new Client({
      ...{ root, configRoot, ...credentials },
      requestTimeoutMs: this.#requestTimeoutMs(),
      secrets: this.#secrets,
      tell: (line) => this.logOnce(line),
    });
    return { client, configRoot };
  }

  /** Of an Airbyte that the program itself sets up. Loaded only there: certificates take a library. */
  async #derived({ profile }: CommonInputs): Promise<Partial<ClientOptions> | undefined> {
    if (profile !== undefined || !OWN_TARGETS.includes(this.#get("target") ?? "")) return undefined;
    const { derivedCredentials } = await import("./derived-credentials.ts");
    return derivedCredentials((key) => this.#get(key));
  }

  /** Which dialect a server speaks: as the stack says, else the current one wherever it answers. */
  async #speaksConfigOnly(
    { airbyteUrl }: CommonInputs,
    client: Client,
    configRoot: string | undefined,
  ): Promise<boolean> {
    const said = this.#get("api");
    if (said !== undefined || configRoot === undefined || this.#target(airbyteUrl) !== "existing")
      return said === "config";
    return (
      (await client.answers("public", "/health")) === false && (await client.answers("config", "/health")) === true
    );
  }

  #isEmbedded({ profile, airbyteUrl }: CommonInputs): boolean {
    return profile === undefined && this.#target(airbyteUrl) === "embedded";
  }

  /** A program of the user's own may leave it out: then it is the embedded one where nothing speaks for another. */
  #target(airbyteUrl: string): string {
    const isOther =
      CREDENTIALS.some((key) => this.#get(key) !== undefined) || !airbyteUrl.startsWith("http://127.0.0.1:");
    return this.#get("target") ?? (isOther ? "existing" : "embedded");
  }

  async #startEmbedded(inputs: CommonInputs): Promise<Credentials & Pick<ClientOptions, "prove"> & { url: string }> {
    const folder = this.embeddedFolder(inputs);
    const prove = () => explained(() => ensureRunning(folder));
    // A run may take hours, and the server end in it: then somebody else may have its port.
    if (hasData(folder)) return { ...(await prove()), prove };
    if (this.#get("target") === undefined) {
      throw new ExplainedError(
        `The stack's configuration doesn't say how to sign in at ${inputs.airbyteUrl}.\n` +
          `  Next step: pulumi config set airbyte:clientId ID; pulumi config set --secret airbyte:clientSecret ` +
          `(an Airbyte that asks for nothing: pulumi config set airbyte:target existing)`,
      );
    }
    throw new ExplainedError(
      `The data of this stack's embedded Airbyte are not on this machine (${folder}): the folder was deleted, or the stack was made elsewhere.\n` +
        `  Next step: npm run refresh takes what is gone out of the state, then npm start makes it anew.`,
    );
  }

  #credentials(profile: string | undefined): Credentials {
    if (profile === undefined) {
      const given = CREDENTIALS.map((key) => [key, this.#get(key)] as const).filter(([, value]) => value !== undefined);
      return Object.fromEntries(given);
    }
    const profiles = JSON.parse(this.#get("profiles") ?? "{}") as Record<string, Credentials>;
    if (profiles[profile]) return profiles[profile];
    throw new ExplainedError(
      `The stack's configuration has no profile "${profile}" (it has: ${Object.keys(profiles).join(", ") || "none"}).\n` +
        `  Next step: pulumi config set --path profiles.${profile}.clientId ID; pulumi config set --path --secret profiles.${profile}.clientSecret`,
    );
  }

  /** undefined where the stack doesn't say. */
  #requestTimeoutMs(): number | undefined {
    const given = this.#get("requestTimeout");
    const ms = given === undefined ? undefined : readRequestTimeout(given);
    if (given === undefined || ms !== undefined) return ms;
    throw new ExplainedError(
      `requestTimeout: expected ${REQUEST_TIMEOUT}\n  Next step: pulumi config set requestTimeout 2m`,
    );
  }

  // A program of the user's own keeps these under "airbyte:", this project under its own name.
  #get(key: string): string | undefined {
    const value = this.#config.get(`airbyte:${key}`) ?? this.#config.get(key);
    return value === "" ? undefined : value; // Emptied (`config set KEY ""`) is not set.
  }
}
