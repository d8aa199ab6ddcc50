import type { Client } from "../client.ts";
import { configApplications, publicApplications } from "./applications.ts";
import { configDeclarativeSources, publicDeclarativeSources } from "./declarative-sources.ts";
import { configDefinitions, publicDefinitions } from "./definitions.ts";
import { offered } from "./offered.ts";
import type { AirbyteObjects } from "./object-calls.ts";
import { configPermissions, publicPermissions } from "./permissions.ts";
import { configTags, publicTags } from "./tags.ts";
import { configWorkspaces, publicWorkspaces } from "./workspaces.ts";

export function publicObjects(client: Client): AirbyteObjects {
  return {
    workspaces: offered("workspaces", publicWorkspaces(client)),
    tags: offered("tags", publicTags(client)),
    sourceDefinitions: offered("connectors of one's own", publicDefinitions(client, "source")),
    destinationDefinitions: offered("connectors of one's own", publicDefinitions(client, "destination")),
    declarativeSourceDefinitions: offered("low-code connectors", publicDeclarativeSources(client)),
    permissions: offered("permissions", publicPermissions(client)),
    applications: offered("applications", publicApplications(client)),
  };
}

/** The same in Airbyte's older API. */
export function configObjects(client: Client): AirbyteObjects {
  return {
    workspaces: offered("workspaces", configWorkspaces(client)),
    tags: offered("tags", configTags(client)),
    sourceDefinitions: offered("connectors of one's own", configDefinitions(client, "source")),
    destinationDefinitions: offered("connectors of one's own", configDefinitions(client, "destination")),
    declarativeSourceDefinitions: offered("low-code connectors", configDeclarativeSources(client)),
    permissions: offered("permissions", configPermissions(client)),
    applications: offered("applications", configApplications(client)),
  };
}
