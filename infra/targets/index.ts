import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { hasData, offlineConnectors, reserveAddress, type OfflineConnectors } from "../../embedded/index.ts";
import { EmbeddedServer } from "../../providers/host/resources.ts";
import type { EmbeddedSettings, ExistingSettings, Settings } from "../../settings/config.ts";
import type { Target } from "./target.ts";

/** Where an Airbyte is before anything is made, and what is known of it. */
interface Whereabouts {
  /** undefined where the run itself makes it, or another stack knows it. */
  url: string | undefined;
  isThere?: boolean;
  connectors?: () => Promise<OfflineConnectors>;
  workspaceId: string | undefined;
}

/** The Airbyte of the settings, for those who ask it before anything is made. */
export async function whereabouts(settings: Settings): Promise<Whereabouts> {
  const { workspaceId } = settings;
  switch (settings.target) {
    case "embedded": {
      const url = addressIn(settings);
      if (hasData(dataFolder(settings))) return { url, isThere: true, workspaceId };
      return { url, connectors: () => offlineConnectors(settings.embedded.connectors), workspaceId };
    }
    case "existing":
      return { url: settings.url, isThere: true, workspaceId };
    case "docker":
      return { url: (await import("./docker.ts")).addressOf(settings), workspaceId };
    case "kubernetes":
      return { url: settings.url, workspaceId };
    case "aws":
      return { url: undefined, workspaceId };
  }
}

/** The Airbyte that the settings ask for. What has an SDK of its own is loaded only where it is used: that costs start-up time. */
export async function openTarget(settings: Settings): Promise<Target> {
  switch (settings.target) {
    case "embedded":
      return embedded(settings);
    case "existing":
      return existing(settings);
    case "docker":
      return (await import("./docker.ts")).onDocker(settings);
    case "aws":
      return (await import("./aws/aws.ts")).onAws(settings);
    case "kubernetes":
      return (await import("./kubernetes.ts")).onKubernetes(settings);
  }
}

/**
 * Airbyte as a process of this machine, for a first look and for tests. Port and address are chosen once, before
 * Pulumi starts, so that no preview shows them as unknown.
 */
export function embedded(settings: EmbeddedSettings): Target {
  const { keepData, tokenTtlSeconds, faults, connectors = "auto" } = settings.embedded;
  const dataDir = dataFolder(settings);
  const url = addressIn(settings);
  const options = { tokenTtlSeconds, faults, connectors };
  const server = new EmbeddedServer("airbyte", { dataDir, url, keepData: keepData ?? false, options });
  return { airbyte: { url, dependsOn: [server] }, outputs: { dataFolder: dataDir } };
}

/** Where its data are, relative to the project. */
function dataFolder({ stateDir }: EmbeddedSettings): string {
  return join(stateDir, "embedded");
}

/** A port that is asked for is only written down when the server really moves there: a preview changes nothing. */
function addressIn(settings: EmbeddedSettings): string {
  const { port } = settings.embedded;
  return port === undefined ? reserveAddress(dataFolder(settings)).url : `http://127.0.0.1:${port}`;
}

/** An Airbyte that is there already: Airbyte Cloud, any server whose address and application are known, or that of another stack. */
function existing({ url: given, platform = "" }: ExistingSettings): Target {
  const url = given ?? addressOf(platform);
  return { airbyte: { url }, outputs: { openUi: pulumi.interpolate`open ${url}` } };
}

/** Where the Airbyte of another stack of this project is; looked up anew in every run. */
function addressOf(platform: string): pulumi.Output<string> {
  const name = platform.includes("/") ? platform : `${pulumi.getOrganization()}/${pulumi.getProject()}/${platform}`;
  return new pulumi.StackReference(name).requireOutput("airbyteUrl") as pulumi.Output<string>;
}
