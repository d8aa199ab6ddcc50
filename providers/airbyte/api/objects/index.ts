import type { Client } from "../client.ts";
import { configApplications, publicApplications } from "./applications.ts";
import { configDeclarativeSources, publicDeclarativeSources } from "./declarative-sources.ts";
import { configDefinitions, publicDefinitions } from "./definitions.ts";
import type { AirbyteObjects } from "./object-calls.ts";
import { configPermissions, publicPermissions } from "./permissions.ts";
import { configTags, publicTags } from "./tags.ts";
import { configWorkspaces, publicWorkspaces } from "./workspaces.ts";

export function publicObjects(client: Client): AirbyteObjects {
  return {
    workspaces: publicWorkspaces(client),
    tags: publicTags(client),
    sourceDefinitions: publicDefinitions(client, "source"),
    destinationDefinitions: publicDefinitions(client, "destination"),
    declarativeSourceDefinitions: publicDeclarativeSources(client),
    permissions: publicPermissions(client),
    applications: publicApplications(client),
  };
}

/** The same in Airbyte's older API. */
export function configObjects(client: Client): AirbyteObjects {
  return {
    workspaces: configWorkspaces(client),
    tags: configTags(client),
    sourceDefinitions: configDefinitions(client, "source"),
    destinationDefinitions: configDefinitions(client, "destination"),
    declarativeSourceDefinitions: configDeclarativeSources(client),
    permissions: configPermissions(client),
    applications: configApplications(client),
  };
}
