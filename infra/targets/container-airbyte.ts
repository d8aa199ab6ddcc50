import * as pulumi from "@pulumi/pulumi";
import { Installation } from "../../providers/installation/resource.ts";
import { Readiness } from "../../providers/readiness/resource.ts";
import type { CredentialVersions } from "../airbyte/credentials.ts";
import type { AirbyteContainers } from "../airbyte/containers.ts";
import type { Releases } from "../airbyte/releases.ts";
import type { Target } from "./target.ts";

export interface RunningAirbyte {
  url: pulumi.Input<string>;
  containers: AirbyteContainers;
  /** The volume or folder that holds its data. */
  data: pulumi.Input<string>;
  credentials: CredentialVersions;
  releases: Releases;
  minutes: number;
  /** A command that shows what its pods do. */
  lookBy: pulumi.Input<string>;
  /** What somebody else has to do before it can answer. */
  needs?: pulumi.Input<string> | undefined;
}

/**
 * From containers to an Airbyte that resources can be made in: waits until it answers, then notes what is in force. Resources hang on
 * that note alone, which nothing replaces: neither a new container nor a new machine touches them.
 */
export function openAirbyte(running: RunningAirbyte, options: pulumi.CustomResourceOptions = {}): Target["airbyte"] {
  const { url, containers, credentials, releases, minutes, lookBy, needs, data } = running;
  const ready = new Readiness(
    "airbyte",
    { airbyteUrl: url, startedBy: [containers.node.id, containers.gateway.id], minutes, lookBy, needs },
    { ...options, dependsOn: [containers.node, containers.gateway] },
  );
  const installation = new Installation(
    "airbyte",
    { airbyteUrl: url, data, credentials, chart: releases.chart },
    { dependsOn: [ready] },
  );
  return { url, dependsOn: [installation], deletedWith: installation };
}

/** How a person gets in. */
export function openUi(url: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`open ${url} in a browser that trusts caCertificate; sign in with the e-mail address that its first page asks for, and adminPassword`;
}
