import { join } from "node:path";
import {
  apiCredentials,
  firstVersions,
  rootSecretCommand,
  tlsKeys,
  versionsToTry,
  type CredentialVersions,
} from "../credentials/credentials.ts";
import { ensureRunning, hasData, openCacheFolder } from "../embedded/index.ts";
import { explained, UserError } from "../errors/user-error.ts";
import { readProfiles, signInKeys, type SignIn } from "../settings/existing.ts";
import { readSetting, settings } from "../settings/settings.ts";
import type { ClientOptions } from "./airbyte/api/call.ts";
import type { CommonInputs } from "./airbyte/lifecycle/handler.ts";

/** The stack's configuration, secrets decrypted, as Pulumi gives it to `configure`. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/** What the credentials of an Airbyte of the program's own are derived from. */
export interface Root {
  secret: string;
  versions: CredentialVersions;
}

/** How to get into an Airbyte. */
export type Entry = Pick<ClientOptions, keyof SignIn> & Pick<ClientOptions, "prove" | "previous"> & { url: string };

/** Targets whose Airbyte the program sets up with credentials that it knows beforehand. */
const OWN_TARGETS = Object.keys(settings.rootSecret.in);

/** What the stack's configuration says of where its Airbyte runs and how to get in: all that the provider knows of targets. */
export class Access {
  readonly #config: StackConfig;

  constructor(config: StackConfig) {
    this.#config = config;
  }

  // A program of the user's own keeps these under "airbyte:", this project under its own name.
  get(key: string): string | undefined {
    const value = this.#config.get(`airbyte:${key}`) ?? this.#config.get(key);
    return value === "" ? undefined : value; // Emptied (`config set KEY ""`) is not set.
  }

  /** Milliseconds that a call may take; undefined where the stack doesn't say. */
  requestTimeoutMs(): number | undefined {
    return readSetting("existing", "requestTimeout", this.get("requestTimeout"));
  }

  /** The folder that this machine keeps for the stack, relative to the project. */
  stackFolder({ declaredAs }: CommonInputs): string {
    return this.get("stateDir") ?? join(".airbyte", declaredAs.split("/")[0] ?? "");
  }

  /** What all projects of this user share on this machine; undefined where others could change it, or it can't be made. */
  cacheFolder(): string | undefined {
    try {
      return openCacheFolder();
    } catch {
      return undefined;
    }
  }

  embeddedFolder(inputs: CommonInputs): string {
    return join(this.stackFolder(inputs), "embedded");
  }

  /** A program of the user's own may leave the target out: then it is the embedded one where nothing speaks for another. */
  target(airbyteUrl: string): string {
    const isOther =
      signInKeys.some((key) => this.get(key) !== undefined) || !airbyteUrl.startsWith("http://127.0.0.1:");
    return this.get("target") ?? (isOther ? "existing" : "embedded");
  }

  /** True when the stack's own embedded Airbyte has lost its data folder: then nothing of it exists any more. */
  isDataGone(inputs: CommonInputs): boolean {
    // Nothing is gone by a guess: without a target, it may be any Airbyte.
    return this.get("target") !== undefined && this.#isEmbedded(inputs) && !hasData(this.embeddedFolder(inputs));
  }

  /** The secret that all credentials of an Airbyte of the program's own are derived from, and their versions. */
  root(): Root {
    const secret = this.get("rootSecret");
    const given = this.get("credentials");
    const versions =
      this.get("target") === "kubernetes"
        ? readSetting("kubernetes", "credentials", given)
        : readSetting("aws", "credentials", given);
    if (secret !== undefined) return { secret, versions: { ...firstVersions, ...versions } };
    throw new UserError(
      `The stack's configuration has no rootSecret, which the credentials of its Airbyte are derived from.`,
      {
        code: "signIn",
        next: `put the one back that the stack was made with (a new one, for a new stack: ${rootSecretCommand}).`,
      },
    );
  }

  /** Starts the embedded Airbyte where it is meant and stands still. */
  async enter(inputs: CommonInputs): Promise<Entry> {
    if (this.#isEmbedded(inputs)) return this.#enterEmbedded(inputs);
    const { airbyteUrl: url, profile } = inputs;
    if (profile === undefined && OWN_TARGETS.includes(this.get("target") ?? ""))
      return { url, ...(await this.#derived()) };
    return { url, ...this.#given(profile) };
  }

  #isEmbedded({ profile, airbyteUrl }: CommonInputs): boolean {
    return profile === undefined && this.target(airbyteUrl) === "embedded";
  }

  async #enterEmbedded(inputs: CommonInputs): Promise<Entry> {
    const folder = this.embeddedFolder(inputs);
    const prove = () => explained(() => ensureRunning(folder));
    // A run may take hours, and the server end in it: then somebody else may have its port. And a server that this machine runs is where
    // it runs, also in the preview of a changed port.
    if (hasData(folder)) return { ...(await prove()), prove };
    if (this.get("target") === undefined) {
      throw new UserError(`The stack's configuration doesn't say how to sign in at ${inputs.airbyteUrl}.`, {
        code: "signIn",
        next:
          `pulumi config set airbyte:clientId ID; pulumi config set --secret airbyte:clientSecret ` +
          `(an Airbyte that asks for nothing: pulumi config set airbyte:target existing)`,
      });
    }
    throw new UserError(
      `The data of this stack's embedded Airbyte are not on this machine (${folder}): the folder was deleted, or the stack was made elsewhere.`,
      { next: `npm run refresh takes what is gone out of the state, then npm start makes it anew.` },
    );
  }

  /**
   * Into an Airbyte that the program itself set up. After a change of a version the server has the old credentials until its `up`, so the
   * previous version is good too: of the application, and of the authority.
   */
  async #derived(): Promise<Omit<Entry, "url">> {
    const { secret, versions } = this.root();
    const [current, previous] = versionsToTry(versions.api).map((version) => apiCredentials(secret, version));
    const { mode } = readSetting("aws", "tls", this.get("tls"));
    // A cluster brings its own TLS.
    const isOwn = mode === "ca" && this.get("target") !== "kubernetes";
    const caCertificate = isOwn ? await authorities(secret, versions.tls) : this.get("caCertificate");
    return { clientId: current?.clientId, clientSecret: current?.clientSecret, previous, caCertificate };
  }

  #given(profile: string | undefined): SignIn {
    if (profile === undefined) {
      const given = signInKeys.map((key) => [key, this.get(key)] as const).filter(([, value]) => value !== undefined);
      return Object.fromEntries(given);
    }
    const profiles = readProfiles(this.get("profiles"));
    if (profiles[profile]) return profiles[profile];
    throw new UserError(
      `The stack's configuration has no profile "${profile}" (it has: ${Object.keys(profiles).join(", ") || "none"}).`,
      {
        code: "signIn",
        next: `pulumi config set --path profiles.${profile}.clientId ID; pulumi config set --path --secret profiles.${profile}.clientSecret`,
      },
    );
  }
}

/** Loaded only where it is needed: certificates take a library. */
async function authorities(secret: string, version: number): Promise<string> {
  const { authorityCertificate } = await import("../credentials/certificates.ts");
  const pems = versionsToTry(version).map((each) => authorityCertificate(tlsKeys(secret, each)));
  return (await Promise.all(pems)).join("");
}
