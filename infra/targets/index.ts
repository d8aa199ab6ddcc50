import { hasData, offlineConnectors, type OfflineConnectors } from "../../embedded/index.ts";
import type { Settings } from "../../settings/config.ts";
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
      const { dataFolder, addressIn } = await import("./embedded.ts");
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

/** The Airbyte that the settings ask for. Each target is loaded only when it is used: an SDK costs start-up time. */
export async function openTarget(settings: Settings): Promise<Target> {
  switch (settings.target) {
    case "embedded":
      return (await import("./embedded.ts")).embedded(settings);
    case "existing":
      return (await import("./existing.ts")).existing(settings);
    case "docker":
      return (await import("./docker.ts")).onDocker(settings);
    case "aws":
      return (await import("./aws/aws.ts")).onAws(settings);
    case "kubernetes":
      return (await import("./kubernetes.ts")).onKubernetes(settings);
  }
}
