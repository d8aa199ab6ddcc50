import type { Client } from "../api/client.ts";
import { goneIsDone, offered, type ObjectCalls } from "../api/object-calls.ts";
import { applicationCalls } from "./application/calls.ts";
import { declarativeSourceDefinitionCalls } from "./declarative-source-definition/calls.ts";
import { definitionCalls } from "./definition/calls.ts";
import type { KindName, Section } from "./names.ts";
import { permissionCalls } from "./permission/calls.ts";
import { regionCalls } from "./region/calls.ts";
import { tagCalls } from "./tag/calls.ts";
import { workspaceCalls } from "./workspace/calls.ts";

/** The calls of a kind in both of Airbyte's APIs. */
interface KindCalls {
  /** What an Airbyte that has none of them is said to lack. */
  called: string;
  public(client: Client): ObjectCalls<never, never, never>;
  config(client: Client): ObjectCalls<never, never, never>;
}

/** What an Airbyte has beside sources, destinations and connections, whose calls the APIs themselves have. */
export type ObjectSection = Section<Exclude<KindName, "source" | "destination" | "connection">>;

const calls = {
  workspaces: workspaceCalls,
  tags: tagCalls,
  sourceDefinitions: definitionCalls("source"),
  destinationDefinitions: definitionCalls("destination"),
  declarativeSourceDefinitions: declarativeSourceDefinitionCalls,
  permissions: permissionCalls,
  applications: applicationCalls,
  regions: regionCalls,
} satisfies Record<ObjectSection, object>;

export type AirbyteObjects = { [S in ObjectSection]: ReturnType<(typeof calls)[S]["public"]> };

/** The objects of an Airbyte, in one of its APIs. */
export function objectsOf(client: Client, api: "public" | "config"): AirbyteObjects {
  const entries = Object.entries<KindCalls>(calls as never).map(([section, kind]) => {
    return [section, offered(kind.called, goneIsDone(kind[api](client) as never) as object)] as const;
  });
  return Object.fromEntries(entries) as unknown as AirbyteObjects;
}
