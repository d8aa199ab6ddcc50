import { join } from "node:path";
import { configApiRoot, publicApiRoot } from "./api/address.ts";
import { workspacesOnce } from "./api/airbyte-api.ts";
import { Client } from "./api/client.ts";
import { ConfigApi } from "./api/config.ts";
import { AirbyteError } from "./api/errors.ts";
import { InFlight } from "./api/in-flight.ts";
import { PublicApi } from "./api/public.ts";
import { Redactor } from "./api/redact.ts";
import { WAIT } from "./api/waits.ts";
import { printable } from "../../errors/user-error.ts";
import type { Access, Root } from "../access.ts";
import { Discovery, Reads } from "./lifecycle/reads.ts";
import type { CommonInputs, Context } from "./lifecycle/handler.ts";
import { Manifests } from "./lifecycle/manifests.ts";
import { Connectors } from "./specification/connectors.ts";
import { ConnectorRegistry } from "./specification/registry.ts";
import { examinedInThisRun, type Examined } from "./lifecycle/examined.ts";
import { Intents } from "./lifecycle/intents.ts";
import { OtherStacks } from "./lifecycle/other-stacks.ts";
import { secretsOf } from "./lifecycle/stored.ts";

/** One Airbyte, for those that only ask. */
type Asked = Pick<Context, "api" | "connectors" | "discovery" | "reads">;

/** HTTP statuses by which a server, or the gateway before it, lets nobody in. */
const SHUT = [401, 403, 502, 503, 504];

/**
 * What all resources of a run share: credentials from the stack's configuration (never from a resource), one HTTP
 * client for each Airbyte, one journal for each stack.
 */
export class Session {
  /** What this process has under way in any Airbyte. */
  readonly inFlight = new InFlight();
  /** What the run has seen of sources and their connectors. */
  readonly manifests = new Manifests();
  readonly #access: Access;
  readonly #showNow: ((line: string) => void) | undefined;
  readonly #airbytes = new Map<string, Promise<Asked>>();
  readonly #doors = new Map<string, Promise<Error | undefined>>();
  readonly #coming = new Set<string>();
  readonly #inState = new Set<string>();
  readonly #secrets = new Redactor();
  readonly #shown = new Set<string>();
  readonly #examinedIn = new Map<string, Examined | undefined>();
  readonly #intents = new Map<string, Intents>();

  /** @param showNow shows a line, and not again at the end of the run. @default as all lines are shown */
  constructor(access: Access, showNow?: (line: string) => void) {
    this.#access = access;
    this.#showNow = showNow;
  }

  /** The Airbyte that a resource lives in; started first, with its data, where it is the embedded one and stands still. */
  async context(inputs: CommonInputs): Promise<Context> {
    const [log, progress] = [(line: string) => this.log(line), (line: string) => this.progress(line)];
    return { ...(await this.airbyte(inputs)), intents: this.intents(inputs), log, progress };
  }

  /** The same, for those that only ask and create nothing. */
  airbyte(inputs: CommonInputs): Promise<Asked> {
    const key = this.#key(inputs);
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

  /**
   * Why nothing can be asked of an Airbyte: it isn't reached, or doesn't let this stack in; undefined where it does. Found out once, for
   * all resources: every try takes its time.
   */
  whyShut(inputs: CommonInputs): Promise<Error | undefined> {
    const key = this.#key(inputs);
    let door = this.#doors.get(key);
    if (!door) this.#doors.set(key, (door = this.#knock(inputs)));
    return door;
  }

  /** This run makes the Airbyte of this address, or changes what it runs in: until then nobody can expect an answer. */
  expect(airbyteUrl: unknown): void {
    if (typeof airbyteUrl === "string") this.#coming.add(airbyteUrl);
  }

  /**
   * Whether an Airbyte must answer now: it was there before this stack, or has something of it, and isn't in the making.
   *
   * @param inState whether the state holds something that lives in it
   */
  shouldAnswer(inputs: CommonInputs, inState: boolean): boolean {
    if (this.#coming.has(inputs.airbyteUrl)) return false;
    return inState || this.#access.target(inputs.airbyteUrl) === "existing" || this.intents(inputs).isUsed;
  }

  /** Shows a line to the person who runs Pulumi. */
  log(line: string): void {
    console.log(this.shown(line));
  }

  /** Shows how far something is, and which try it is: of no interest once it is over. */
  progress(line: string): void {
    if (this.#showNow) this.#showNow(this.shown(line));
    else this.log(line);
  }

  /** What a person is shown of a text that may quote others: a server, a connector. */
  shown(text: string): string {
    return printable(this.#secrets.text(text));
  }

  /** The same, but a line that was shown before isn't shown again. */
  logOnce(line: string): undefined {
    if (this.isNew(line)) this.log(line);
  }

  /** Ends the run for a reason that is many resources': the first one tells it. */
  throwOnce(reason: Error): undefined {
    if (this.isNew(reason.message)) throw reason;
  }

  /** Whether a text wasn't told before in this run; it counts as told from now on. */
  isNew(text: string): boolean {
    const isNew = !this.#shown.has(text);
    this.#shown.add(text);
    return isNew;
  }

  intents(inputs: CommonInputs): Intents {
    const file = join(this.#access.stackFolder(inputs), "intents.jsonl");
    let intents = this.#intents.get(file);
    if (!intents) {
      const longestCallMs = Math.max(this.#access.requestTimeoutMs() ?? 0, WAIT.call.runsConnectorMs);
      const others = new OtherStacks(this.#access.cacheFolder(), file);
      this.#intents.set(file, (intents = new Intents(file, longestCallMs, this.inFlight, others)));
    }
    return intents;
  }

  /** Whether the program has examined its declarations in this run, as far as that was possible, and told what was not. */
  isExamined(inputs: CommonInputs): boolean {
    return this.#examined(inputs) !== undefined;
  }

  #examined(inputs: CommonInputs): Examined | undefined {
    const folder = this.stackFolder(inputs);
    if (!this.#examinedIn.has(folder)) this.#examinedIn.set(folder, examinedInThisRun(folder));
    return this.#examinedIn.get(folder);
  }

  /** The folder that this machine keeps for the stack, relative to the project. */
  stackFolder(inputs: CommonInputs): string {
    return this.#access.stackFolder(inputs);
  }

  /** True when the stack's own embedded Airbyte has lost its data folder: then nothing of it exists any more. */
  isDataGone(inputs: CommonInputs): boolean {
    return this.#access.isDataGone(inputs);
  }

  /** The secret that all credentials of an Airbyte of the program's own are derived from, and their versions. */
  root(): Root {
    return this.#access.root();
  }

  #key(inputs: CommonInputs): string {
    return `${inputs.airbyteUrl} ${inputs.profile ?? ""} ${this.#access.stackFolder(inputs)}`;
  }

  // Every Airbyte has this list, so that it tells a wrong user from a call that this server doesn't offer: both are 403.
  async #knock(inputs: CommonInputs): Promise<Error | undefined> {
    try {
      await workspacesOnce((await this.airbyte(inputs)).api);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const isLetIn = error instanceof AirbyteError && error.code === "refused" && !SHUT.includes(error.status ?? 0);
      return isLetIn ? undefined : error;
    }
  }

  async #open(inputs: CommonInputs) {
    const { client, configRoot } = await this.#connect(inputs);
    const api = (await this.#speaksConfigOnly(inputs, client, configRoot))
      ? new ConfigApi(client)
      : new PublicApi(client);
    const connectors = new Connectors(configRoot === undefined ? new ConnectorRegistry() : api);
    const { offers } = this.#examined(inputs) ?? {};
    return { api, connectors, discovery: new Discovery(api, offers, this.manifests), reads: new Reads(api) };
  }

  /** A client alone, for an Airbyte that may not answer yet. */
  async client(inputs: CommonInputs): Promise<Client> {
    return (await this.#connect(inputs)).client;
  }

  async #connect(inputs: CommonInputs): Promise<{ client: Client; configRoot: string | undefined }> {
    const { url, ...credentials } = await this.#access.enter(inputs);
    const root = this.#access.get("apiRoot") ?? publicApiRoot(url);
    const configRoot = configApiRoot(root);
    const client = new Client({
      ...{ root, configRoot, ...credentials },
      requestTimeoutMs: this.#access.requestTimeoutMs(),
      secrets: this.#secrets,
      inFlight: this.inFlight,
      tell: (line) => void (this.isNew(line) && this.progress(line)),
    });
    return { client, configRoot };
  }

  /** Which dialect a server speaks: as the stack says, else the current one wherever it answers. */
  async #speaksConfigOnly(
    { airbyteUrl }: CommonInputs,
    client: Client,
    configRoot: string | undefined,
  ): Promise<boolean> {
    const said = this.#access.get("api");
    if (said !== undefined || configRoot === undefined || this.#access.target(airbyteUrl) !== "existing")
      return said === "config";
    return (
      (await client.answers("public", "/health")) === false && (await client.answers("config", "/health")) === true
    );
  }
}
