import { z } from "zod";
import {
  SETUP_HEADER,
  apiCredentials,
  fixedCredentials,
  sshFingerprint,
  type CredentialVersions,
} from "../../credentials/credentials.ts";
import type { AirbyteApi } from "../airbyte/api/airbyte-api.ts";
import { AirbyteError } from "../airbyte/api/errors.ts";
import { changedKeys, UNKNOWN } from "../airbyte/lifecycle/canonical.ts";
import type { CommonInputs } from "../airbyte/lifecycle/handler.ts";
import type { Session } from "../airbyte/session.ts";
import type { Props, ResourceHandler } from "../resource-handler.ts";

/** What a program declares of an Airbyte that it set up: what its data are, and what is in force. */
export interface InstallationInputs extends CommonInputs {
  /** The volume or folder that holds the data. */
  data: string;
  /** What the admin signs in with. */
  adminEmail: string;
  /** Versions of the credentials that the running Airbyte has. */
  credentials: CredentialVersions;
  /** Version of Airbyte's chart. */
  chart: string;
}

/**
 * The anchor of an Airbyte's data. It is never replaced, whatever happens to machine and containers, and its deletion does nothing: so
 * all that lives in the Airbyte can be `deletedWith` it, and is made anew only when a person says so.
 *
 * In its state it remembers which root secret the data were made with, by the public half of a key derived from it.
 */
export const installationHandler: ResourceHandler = {
  check(olds, news, session) {
    const before = olds as Partial<InstallationInputs & { hostKey: string }>;
    const { credentials, chart } = typed(news);
    const hostKey = sshFingerprint(fixedCredentials(session.root().secret).sshHostKey);
    const mistakes =
      before.data === undefined
        ? []
        : [...otherRoot(before.hostKey, hostKey), ...backwards(before, credentials), ...downgrade(before.chart, chart)];
    return { mistakes, inputs: { ...news, hostKey } };
  },
  diff: (_id, olds, news) => ({ changes: changedKeys(olds, news, []).length > 0, replaces: [] }),
  async create(inputs, session) {
    await completeSetup(typed(inputs), session);
    await inheritData(typed(inputs), session);
    return { id: typed(inputs).data, outs: inputs };
  },
  read: (_id, state) => Promise.resolve({ inputs: state, outs: state }),
  async update(_id, olds, news, session) {
    if (typed(olds).adminEmail !== typed(news).adminEmail) await completeSetup(typed(news), session);
    return news;
  },
  delete: () => Promise.resolve(),
};

function otherRoot(before: string | undefined, now: string): string[] {
  if (before === undefined || before === now) return [];
  return [
    "rootSecret is not the one that this installation was made with: its database, its node and its SSH key know the old one alone. " +
      "Put the old one back (pulumi config set --secret rootSecret); to change credentials, raise credentials.api or credentials.tls.",
  ];
}

/** Only one version back is tried where a server still has the old one. */
function backwards({ credentials: before }: Partial<InstallationInputs>, now: CredentialVersions): string[] {
  if (before === undefined) return [];
  return (["api", "tls"] as const)
    .filter((group) => now[group] < before[group] || now[group] > before[group] + 1)
    .map(
      (group) =>
        `credentials.${group} is ${before[group]} and can stay or become ${before[group] + 1}, not ${now[group]}: ` +
        `pulumi config set --path credentials.${group} ${before[group] + 1}`,
    );
}

function downgrade(before: string | undefined, now: string): string[] {
  if (before === undefined || now === UNKNOWN || compareVersions(now, before) >= 0) return [];
  return [
    `releases.chart would go back from ${before} to ${now}, and Airbyte's database goes one way only. Go on with ${before} or newer; ` +
      `the old state is in the snapshot that was taken before the upgrade.`,
  ];
}

/** Negative when `a` is older. Endings such as -rc1 don't count. */
function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split("-")[0]?.split(".").map(Number) ?? [];
  const [one, two] = [numbers(a), numbers(b)];
  const differing = one.findIndex((number, index) => number !== two[index]);
  return differing < 0 ? 0 : (one[differing] ?? 0) - (two[differing] ?? 0);
}

function typed(props: Props): InstallationInputs {
  return props as unknown as InstallationInputs;
}

const Instance = z.looseObject({
  initialSetupComplete: z.boolean().nullish(),
  defaultOrganizationEmail: z.string().nullish(),
});

/**
 * Does what a new Airbyte's first page asks a person for: the e-mail address that its admin signs in with. Without it the page still
 * asks, so a server that refuses is no reason to stop.
 */
async function completeSetup(inputs: InstallationInputs, session: Session): Promise<void> {
  const { adminEmail } = inputs;
  const { secret, versions } = session.root();
  const client = await session.client(inputs);
  const call = { api: "config", doing: "complete Airbyte's set-up" } as const;
  try {
    const instance = await client.call({ ...call, method: "GET", path: "/instance_configuration", schema: Instance });
    if (instance.initialSetupComplete && instance.defaultOrganizationEmail === adminEmail) return;
    await client.call({
      ...call,
      method: "POST",
      path: "/instance_configuration/setup",
      headers: { [SETUP_HEADER]: apiCredentials(secret, versions.api).setupKey },
      body: {
        email: adminEmail,
        anonymousDataCollection: false,
        initialSetupComplete: true,
        displaySetupWizard: false,
      },
      repeatable: true,
    });
  } catch (error) {
    if (!(error instanceof AirbyteError)) throw error;
    session.log(`The admin's e-mail address could not be set; Airbyte's first page asks for it. ${error.message}`);
  } finally {
    await client.close();
  }
}

/**
 * On data that an earlier life of the stack left, its pipelines are there already. The journal of the machine that made them knows
 * their ids; on any other machine they are known by their names, for nobody else makes objects in this Airbyte.
 */
async function inheritData(inputs: InstallationInputs, session: Session): Promise<void> {
  const { api, intents } = await session.context(inputs);
  await intents.release();
  if (await holdsPipelines(api)) await intents.inherit(api.serverTime());
}

async function holdsPipelines(api: AirbyteApi): Promise<boolean> {
  const workspaces = await api.listWorkspaces();
  if (workspaces.length > 1) return true;
  for (const { workspaceId } of workspaces) {
    for (const kind of ["source", "destination"] as const) {
      for await (const page of api.pagesOfActors(kind, workspaceId)) if (page.length > 0) return true;
    }
  }
  return false;
}
