import * as pulumi from "@pulumi/pulumi";
import { firstVersions, type ApiCredentials, type CredentialVersions } from "../../credentials/credentials.ts";
import type { AirbyteHandle } from "../../providers/airbyte/index.ts";
import { Installation, Readiness } from "../../providers/host/resources.ts";

/** What every target gives: an Airbyte that runs, or will once the resources it depends on are there. */
export interface Target {
  /** The Airbyte, but for the workspace. */
  airbyte: Omit<AirbyteHandle, "workspaceId">;
  /** What a person wants to know of it beside its address: outputs of the stack. */
  outputs: Record<string, pulumi.Input<unknown>>;
}

interface RunningAirbyte {
  url: pulumi.Input<string>;
  /** What it runs in. */
  parts: pulumi.Resource[];
  /** Whatever makes it start anew when it changes, such as ids of its containers. */
  startedBy: pulumi.Input<string>[];
  /** The volume, folder or namespace that holds its data. */
  data: pulumi.Input<string>;
  adminEmail: string;
  credentials: Partial<CredentialVersions>;
  /** Version of the chart. */
  chart: string;
  minutes: number;
  /** A command that shows what its pods do. */
  lookBy: pulumi.Input<string>;
  /** What somebody else has to do before it can answer. */
  needs?: pulumi.Input<string> | undefined;
}

/**
 * From what Airbyte runs in to an Airbyte that resources can be made in: waits until it answers, then notes what is in force. Resources
 * hang on that note alone, which nothing replaces: neither a new container nor a new machine touches them.
 */
export function openAirbyte(running: RunningAirbyte): Target["airbyte"] {
  const { url, parts, startedBy, data, adminEmail, credentials, chart, minutes, lookBy, needs } = running;
  const ready = new Readiness("airbyte", { airbyteUrl: url, startedBy, minutes, lookBy, needs }, { dependsOn: parts });
  const installation = new Installation(
    "airbyte",
    { airbyteUrl: url, data, adminEmail, credentials: { ...firstVersions, ...credentials }, chart },
    { dependsOn: [ready] },
  );
  return { url, dependsOn: [installation], deletedWith: installation };
}

/** How a person gets in. */
export function access(
  url: pulumi.Input<string>,
  adminEmail: string,
  { adminPassword }: ApiCredentials,
  caCertificate?: pulumi.Input<string>,
): Target["outputs"] {
  const trusting = caCertificate === undefined ? "" : " that trusts caCertificate";
  return {
    caCertificate,
    adminEmail,
    adminPassword: pulumi.secret(adminPassword),
    openUi: pulumi.interpolate`open ${url} in a browser${trusting}; sign in with adminEmail and adminPassword`,
  };
}
