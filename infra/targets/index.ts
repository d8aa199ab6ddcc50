import type { Settings } from "../../settings/config.ts";
import type { Target } from "./target.ts";

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
