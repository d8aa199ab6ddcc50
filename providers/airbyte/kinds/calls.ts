import type { Client } from "../api/client.ts";
import { configApplications, publicApplications } from "./application/calls.ts";
import { configDeclarativeSources, publicDeclarativeSources } from "./declarative-source-definition/calls.ts";
import { configDefinitions, publicDefinitions } from "./definition/calls.ts";
import { goneIsDone } from "../api/gone-is-done.ts";
import { offered } from "../api/offered.ts";
import type { AirbyteObjects } from "../api/object-calls.ts";
import { configPermissions, publicPermissions } from "./permission/calls.ts";
import { configTags, publicTags } from "./tag/calls.ts";
import { configWorkspaces, publicWorkspaces } from "./workspace/calls.ts";

export function publicObjects(client: Client): AirbyteObjects {
  return allOffered({
    workspaces: publicWorkspaces(client),
    tags: publicTags(client),
    sourceDefinitions: publicDefinitions(client, "source"),
    destinationDefinitions: publicDefinitions(client, "destination"),
    declarativeSourceDefinitions: publicDeclarativeSources(client),
    permissions: publicPermissions(client),
    applications: publicApplications(client),
  });
}

/** The same in Airbyte's older API. */
export function configObjects(client: Client): AirbyteObjects {
  return allOffered({
    workspaces: configWorkspaces(client),
    tags: configTags(client),
    sourceDefinitions: configDefinitions(client, "source"),
    destinationDefinitions: configDefinitions(client, "destination"),
    declarativeSourceDefinitions: configDeclarativeSources(client),
    permissions: configPermissions(client),
    applications: configApplications(client),
  });
}

/** How they are called where an Airbyte has none. */
const IN_WORDS: Record<keyof AirbyteObjects, string> = {
  workspaces: "workspaces",
  tags: "tags",
  sourceDefinitions: "connectors of one's own",
  destinationDefinitions: "connectors of one's own",
  declarativeSourceDefinitions: "low-code connectors",
  permissions: "permissions",
  applications: "applications",
};

function allOffered(objects: AirbyteObjects): AirbyteObjects {
  const kinds = Object.keys(IN_WORDS) as (keyof AirbyteObjects)[];
  const entries = kinds.map(
    (kind) => [kind, offered(IN_WORDS[kind], goneIsDone(objects[kind] as never) as object)] as const,
  );
  return Object.fromEntries(entries) as unknown as AirbyteObjects;
}
